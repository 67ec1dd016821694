/** What a handler's requests to AWS and to others get: by default, from the workload, or nothing at all. */
import { expect, test } from '@jest/globals';
import { createAwsAnswers } from '../../../../src/simulator/execution/aws/answer-aws.ts';
import type {
  HttpRequest,
  HttpResponse,
} from '../../../../src/simulator/execution/network/http-exchange.ts';
import type { Services } from '../../../../src/simulator/model/services.ts';

const OWNER = {};

function prepare(services: Services = {}) {
  const requested: string[] = [];
  const unanswered: string[] = [];
  const answer = createAwsAnswers<object>({
    services,
    async dynamoDb(operation, input) {
      if (operation === 'Lost') return { kind: 'lost' };
      if (operation === 'Fails') {
        const body = { __type: 'TransactionCanceledException', message: 'why' };
        return { kind: 'response', status: 400, body };
      }
      return { kind: 'response', status: 200, body: { Item: input['Key'] as never } };
    },
    requested: ({ service, operation }) => requested.push(`${service}.${operation}`),
    travel: async () => {},
    unanswered: (what, remedy) => unanswered.push(`${what}: ${remedy}`),
  });
  const send = (host: string, parts: Partial<Omit<HttpRequest, 'body'>>, body = '') =>
    answer(
      {
        ...{ method: 'POST', path: '/', destination: { host, port: 443 }, headers: {} },
        ...parts,
        body: Buffer.from(body),
      },
      OWNER,
    );
  const call = async (service: string, target: string, input: object): Promise<unknown> => {
    const headers = { 'x-amz-target': `X.${target}` };
    const host = `${service}.us-east-1.amazonaws.com`;
    const response = (await send(host, { headers }, JSON.stringify(input))) as HttpResponse;
    return { status: response.status, ...JSON.parse(String(response.body)) };
  };
  return { requested, unanswered, send, call };
}

test('DynamoDB, in its own JSON: binary values, error names, a checksum', async () => {
  const { send } = prepare();
  const get = (target: string, body: object) =>
    send('x', { headers: { 'x-amz-target': `DynamoDB_20120810.${target}` } }, JSON.stringify(body));
  const key = { id: { B: Buffer.from('a').toString('base64') }, B: { BS: ['Yg=='] } };
  expect(await get('GetItem', { Key: key })).toEqual({
    status: 200,
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amzn-requestid': '10000000-0000-4000-8000-000000000001',
      'x-amz-crc32': expect.stringMatching(/^\d+$/),
    },
    body: JSON.stringify({ Item: key }),
  });
  expect(await get('Fails', {})).toMatchObject({
    status: 400,
    body: JSON.stringify({
      __type: 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException',
      Message: 'why',
    }),
  });
  expect(await get('Lost', {})).toBe('lost');
});

test.each<[string, string, object, object]>([
  ['sqs', 'SendMessage', { MessageBody: 'hi' }, { MD5OfMessageBody: expect.any(String) }],
  [
    'sqs',
    'SendMessageBatch',
    { Entries: [{ Id: 'a', MessageBody: 'hi' }] },
    { Successful: [{ Id: 'a', MessageId: expect.any(String) }], Failed: [] },
  ],
  ['events', 'PutEvents', { Entries: [{}, {}] }, { FailedEntryCount: 0 }],
  ['kinesis', 'PutRecords', { Records: [{}] }, { FailedRecordCount: 0 }],
  ['firehose', 'PutRecordBatch', { Records: [{}] }, { FailedPutCount: 0 }],
  ['logs', 'PutLogEvents', {}, {}],
])('%s %s is taken by default', async (service, operation, input, output) => {
  const { call, requested, unanswered } = prepare();
  expect(await call(service, operation, input)).toMatchObject({ status: 200, ...output });
  expect([requested.length, unanswered]).toEqual([1, []]);
});

test.each([
  ['ssm', 'GetParameter', 'ssm GetParameter', 'services: { ssm: { GetParameter: (input) => ('],
  ['secretsmanager', 'GetSecretValue', 'secrets-manager GetSecretValue', "{ 'secrets-manager': {"],
  ['sqs', 'ReceiveMessage', 'sqs ReceiveMessage', 'services: { sqs: {'],
])('%s %s reads: without an answer nothing goes on', async (service, operation, name, remedy) => {
  const { call, unanswered } = prepare();
  let isAnswered = false;
  void call(service, operation, {}).then(() => {
    isAnswered = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(unanswered).toEqual([expect.stringContaining(name)]);
  expect(unanswered[0]).toContain(remedy);
  expect(isAnswered).toBe(false);
});

test('answers of the workload: a value, a function of the input, an error by its name', async () => {
  const { call } = prepare({
    ssm: {
      GetParameter: { Parameter: { Value: 'v' } },
      GetParameters: (input) => ({ Asked: input['Names'] }),
      PutParameter() {
        throw Object.assign(new Error('too many'), { name: 'ParameterLimitExceeded' });
      },
    },
    sqs: { SendMessage: () => ({ MessageId: 'own' }) },
  });
  expect(await call('ssm', 'GetParameter', {})).toMatchObject({ Parameter: { Value: 'v' } });
  expect(await call('ssm', 'GetParameters', { Names: ['a'] })).toMatchObject({ Asked: ['a'] });
  expect(await call('ssm', 'PutParameter', {})).toEqual({
    ...{ status: 400, __type: 'ParameterLimitExceeded', message: 'too many' },
  });
  expect(await call('sqs', 'SendMessage', {})).toMatchObject({ MessageId: 'own' });
});

test('XML, where a service has it', async () => {
  const { send } = prepare({ sns: { ListTopics: { Topics: [{ TopicArn: 'a&b' }] } } });
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const query = (body: string) => send('sns.us-east-1.amazonaws.com', { headers }, body);
  expect(await query('Action=Publish&Message=hi')).toMatchObject({
    body: expect.stringMatching(/<PublishResult><MessageId>[-\d]+<\/MessageId><\/PublishResult>/),
  });
  expect(await query('Action=ListTopics')).toMatchObject({
    body: expect.stringContaining('<Topics><member><TopicArn>a&#38;b</TopicArn></member></Topics>'),
  });
});

test('S3: content and its type, and a key that is not there', async () => {
  const { send } = prepare({
    s3: {
      GetObject({ Key }) {
        if (Key === 'none') throw Object.assign(new Error('none'), { name: 'NoSuchKey' });
        return { Body: `of ${Key}`, ContentType: 'text/plain', Metadata: { by: 'me' } };
      },
    },
  });
  const host = 'buck.s3.us-east-1.amazonaws.com';
  expect(await send(host, { method: 'GET', path: '/a' })).toMatchObject({
    ...{ status: 200, body: 'of a' },
    headers: { 'content-type': 'text/plain', 'x-amz-meta-by': 'me' },
  });
  expect(await send(host, { method: 'GET', path: '/none' })).toMatchObject({
    ...{ status: 404, body: expect.stringContaining('<Code>NoSuchKey</Code>') },
  });
  expect(await send(host, { method: 'PUT', path: '/a' }, 'x')).toMatchObject({
    headers: { etag: expect.stringMatching(/^"[0-9a-f]{32}"$/) },
  });
});

test('a function is invoked: as an event by default, for its result by the workload', async () => {
  const invoke = (sender: ReturnType<typeof prepare>, type: string) =>
    sender.send('lambda.us-east-1.amazonaws.com', {
      path: '/2015-03-31/functions/f/invocations',
      headers: { 'x-amz-invocation-type': type },
    });
  expect(await invoke(prepare(), 'Event')).toMatchObject({ status: 202 });
  const stated = prepare({ lambda: { Invoke: { Payload: { ok: true } } } });
  expect(await invoke(stated, 'RequestResponse')).toMatchObject({ body: '{"ok":true}' });
});

test('another host is answered as the workload says, and otherwise not at all', async () => {
  const { send, unanswered } = prepare({
    'api.example.com': { GET: ({ path }) => ({ body: { path } }), '*': { status: 503 } },
  });
  expect(await send('api.example.com', { method: 'GET', path: '/x' })).toEqual({
    ...{ status: 200, headers: { 'content-type': 'application/json' }, body: '{"path":"/x"}' },
  });
  expect(await send('api.example.com', {})).toMatchObject({ status: 503 });
  void send('other.example.com', {});
  expect(unanswered).toEqual([
    "POST other.example.com: state its answer in the workload: services: { 'other.example.com': { '*': (request) => ({ body: ... }) } }",
  ]);
});
