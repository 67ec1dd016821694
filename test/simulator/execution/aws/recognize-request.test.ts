import { expect, test } from '@jest/globals';
import { cbor } from '@smithy/core/cbor';
import {
  recognizeRequest,
  serviceOfHost,
} from '../../../../src/simulator/execution/aws/recognize-request.ts';
import type { HttpRequest } from '../../../../src/simulator/execution/network/http-exchange.ts';

function request(
  host: string,
  parts: Partial<Omit<HttpRequest, 'body'>> & { readonly body?: string | Uint8Array } = {},
): HttpRequest {
  const { body = '', ...rest } = parts;
  const bytes = typeof body === 'string' ? Buffer.from(body) : Buffer.from(body);
  return {
    ...{ method: 'POST', path: '/', destination: { host, port: 443 }, headers: {} },
    ...rest,
    body: bytes,
  };
}

test.each([
  ['dynamodb.us-east-1.amazonaws.com', 'dynamodb'],
  ['dynamodb-fips.us-gov-west-1.amazonaws.com', 'dynamodb'],
  ['dynamodb.eu-west-1.api.aws', 'dynamodb'],
  ['dynamodb.cn-north-1.amazonaws.com.cn', 'dynamodb'],
  ['123456789012.ddb.us-east-1.amazonaws.com', 'dynamodb'],
  ['sqs.us-east-1.amazonaws.com', 'sqs'],
  ['queue.amazonaws.com', 'sqs'],
  ['events.us-east-1.amazonaws.com', 'eventbridge'],
  ['monitoring.us-east-1.amazonaws.com', 'cloudwatch'],
  ['logs.us-east-1.amazonaws.com', 'cloudwatch-logs'],
  ['secretsmanager.us-east-1.amazonaws.com', 'secrets-manager'],
  ['states.us-east-1.amazonaws.com', 'sfn'],
  ['s3.amazonaws.com', 's3'],
  ['bucket.with.dots.s3.us-east-1.amazonaws.com', 's3'],
  ['bucket.s3.dualstack.us-east-1.amazonaws.com', 's3'],
  ['bucket.s3-accelerate.amazonaws.com', 's3'],
  ['123456789012.data-kinesis.us-east-1.amazonaws.com', 'kinesis'],
  ['api.example.com', undefined],
  ['amazonaws.com.example.com', undefined],
  ['localhost', undefined],
])('%s is %s', (host, service) => {
  expect(serviceOfHost(host)).toBe(service);
});

const SIGNED =
  'AWS4-HMAC-SHA256 Credential=simulated/20170328/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0';
const COPIED = { 'x-amz-copy-source': '/other/key' };
const CHUNKED = { 'content-encoding': 'aws-chunked' };

test.each<[string, HttpRequest, object]>([
  [
    'JSON, by its target',
    request('ssm.us-east-1.amazonaws.com', {
      headers: { 'x-amz-target': 'AmazonSSM.GetParameter' },
      body: '{"Name":"/x"}',
    }),
    { service: 'ssm', operation: 'GetParameter', protocol: 'json', input: { Name: '/x' } },
  ],
  [
    'DynamoDB at an endpoint of its own',
    request('localhost', {
      destination: { host: 'localhost', port: 8000 },
      headers: { 'x-amz-target': 'DynamoDB_20120810.GetItem' },
      body: '{"TableName":"T"}',
    }),
    { service: 'dynamodb', operation: 'GetItem', input: { TableName: 'T' } },
  ],
  [
    'a service at an endpoint of its own, by its signature',
    request('vpce-1.example', {
      headers: { authorization: SIGNED, 'x-amz-target': 'AmazonSQS.SendMessage' },
      body: '{"MessageBody":"a"}',
    }),
    { service: 'sqs', operation: 'SendMessage' },
  ],
  [
    'the query protocol',
    request('sns.us-east-1.amazonaws.com', {
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
      body: 'Action=Publish&Version=2010-03-31&Message=hi%20there',
    }),
    {
      ...{ service: 'sns', operation: 'Publish', protocol: 'query' },
      input: { Version: '2010-03-31', Message: 'hi there' },
    },
  ],
  [
    'CBOR',
    request('monitoring.us-east-1.amazonaws.com', {
      path: '/service/GraniteServiceVersion20100801/operation/PutMetricData',
      headers: { 'smithy-protocol': 'rpc-v2-cbor' },
      body: cbor.serialize({ Namespace: 'n' }),
    }),
    {
      ...{ service: 'cloudwatch', operation: 'PutMetricData', protocol: 'cbor' },
      input: { Namespace: 'n' },
    },
  ],
  [
    'an object of S3, by its host',
    request('buck.s3.us-east-1.amazonaws.com', {
      ...{ method: 'PUT', path: '/a/b%20c.txt?x-id=PutObject', body: 'text' },
    }),
    {
      ...{ service: 's3', operation: 'PutObject', protocol: 's3' },
      input: { Bucket: 'buck', Key: 'a/b c.txt', Body: new Uint8Array(Buffer.from('text')) },
    },
  ],
  [
    'one by its path, in chunks',
    request('s3.us-east-1.amazonaws.com', {
      ...{ method: 'PUT', path: '/buck/key', headers: CHUNKED },
      body: '4\r\ntext\r\n2\r\n!!\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n',
    }),
    { input: { Bucket: 'buck', Key: 'key', Body: new Uint8Array(Buffer.from('text!!')) } },
  ],
  [
    'a list of a bucket',
    request('buck.s3.us-east-1.amazonaws.com', { method: 'GET', path: '/?list-type=2' }),
    { operation: 'ListObjectsV2', input: { Bucket: 'buck' } },
  ],
  [
    'what S3 does beside objects',
    request('buck.s3.us-east-1.amazonaws.com', { method: 'GET', path: '/key?tagging' }),
    { operation: 'GET /key?tagging' },
  ],
  [
    'a copy',
    request('buck.s3.us-east-1.amazonaws.com', { method: 'PUT', path: '/key', headers: COPIED }),
    { operation: 'CopyObject' },
  ],
  [
    'an invocation of a function',
    request('lambda.us-east-1.amazonaws.com', {
      path: '/2015-03-31/functions/my%3Afunction/invocations',
      headers: { 'x-amz-invocation-type': 'Event' },
      body: '{}',
    }),
    {
      operation: 'Invoke',
      input: { FunctionName: 'my:function', InvocationType: 'Event', Payload: '{}' },
    },
  ],
  [
    'traces',
    request('xray.us-east-1.amazonaws.com', { path: '/TraceSegments', body: '{"a":1}' }),
    { service: 'xray', operation: 'PutTraceSegments', protocol: 'rest', input: { a: 1 } },
  ],
  [
    'REST that is not known here',
    request('abc.execute-api.us-east-1.amazonaws.com', { method: 'GET', path: '/v1?a=b' }),
    { service: 'execute-api', operation: 'GET /v1?a=b', protocol: 'rest', input: {} },
  ],
])('%s', (_, asked, recognized) => {
  expect(recognizeRequest(asked)).toMatchObject(recognized);
});

test("what is not AWS's", () => {
  expect(recognizeRequest(request('api.example.com'))).toBeUndefined();
});
