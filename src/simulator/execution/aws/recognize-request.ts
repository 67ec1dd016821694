/** Which operation of which AWS service an HTTP request asks for, and with what input. Pure. */
import { cbor } from '@smithy/core/cbor';
import type { HttpRequest } from '../network/http-exchange.ts';

/** How requests and responses are written. */
export type Protocol = 'json' | 'query' | 'cbor' | 's3' | 'rest';

export interface AwsRequest {
  /** As in the package names of the SDK: `dynamodb`, `sqs`, `eventbridge`, ... */
  readonly service: string;
  /** Such as `SendMessage`; of a REST service that is not known here, its method and path. */
  readonly operation: string;
  readonly protocol: Protocol;
  /** As the SDK's command takes it, as far as the protocol allows. */
  readonly input: Readonly<Record<string, unknown>>;
}

/** Undefined: the request is not one to AWS. */
export function recognizeRequest(request: HttpRequest): AwsRequest | undefined {
  const service = serviceOf(request);
  return service === undefined ? undefined : { service, ...commandOf(service, request) };
}

function serviceOf({ headers, destination }: HttpRequest): string | undefined {
  // Whatever its address is: an emulator's endpoint, a VPC endpoint, another region.
  if (headers['x-amz-target']?.startsWith('DynamoDB_')) return 'dynamodb';
  const scope = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\/aws4_request/;
  const signed = scope.exec(headers['authorization'] ?? '')?.[1];
  if (signed !== undefined) return NAMES[signed] ?? signed;
  return serviceOfHost(destination.host);
}

/** `sqs.us-east-1.amazonaws.com`, `bucket.s3.amazonaws.com`, `123456789012.ddb.us-east-1.amazonaws.com`. */
export function serviceOfHost(host: string): string | undefined {
  const labels = /^(.+)\.(?:amazonaws\.com(?:\.cn)?|api\.aws)$/.exec(host)?.[1]?.split('.');
  if (labels === undefined) return undefined;
  const named = labels.filter((label) => !REGION.test(label) && label !== 'dualstack');
  const last = (named.at(-1) ?? '').replace(/-fips$/, '');
  return NAMES[last] ?? last;
}

const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;

/** Where a host or a signature calls a service otherwise than its SDK package does. */
const NAMES: Readonly<Record<string, string>> = {
  ddb: 'dynamodb',
  'data-kinesis': 'kinesis',
  'control-kinesis': 'kinesis',
  events: 'eventbridge',
  monitoring: 'cloudwatch',
  logs: 'cloudwatch-logs',
  states: 'sfn',
  email: 'ses',
  secretsmanager: 'secrets-manager',
  queue: 'sqs',
  's3-accelerate': 's3',
};

type Command = Omit<AwsRequest, 'service'>;

function commandOf(service: string, request: HttpRequest): Command {
  const { headers, path } = request;
  const target = headers['x-amz-target'];
  if (target !== undefined) {
    const operation = target.slice(target.lastIndexOf('.') + 1);
    return { operation, protocol: 'json', input: jsonOf(request) };
  }
  const rpc = /^\/service\/[^/]+\/operation\/(\w+)$/.exec(pathOnly(path))?.[1];
  if (rpc !== undefined) {
    const isCbor = headers['smithy-protocol'] === 'rpc-v2-cbor';
    return isCbor
      ? { operation: rpc, protocol: 'cbor', input: cborOf(request) }
      : { operation: rpc, protocol: 'json', input: jsonOf(request) };
  }
  if (service === 's3') return s3Command(request);
  if (service === 'lambda') return lambdaCommand(request);
  if (headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true) {
    const { Action: operation = '?', ...input } = Object.fromEntries(
      new URLSearchParams(request.body.toString()),
    );
    return { operation, protocol: 'query', input };
  }
  const known = REST[`${service} ${request.method} ${pathOnly(path)}`];
  return {
    operation: known ?? `${request.method} ${path}`,
    protocol: 'rest',
    input: jsonOf(request),
  };
}

const REST: Readonly<Record<string, string>> = {
  'xray POST /TraceSegments': 'PutTraceSegments',
  'xray POST /TelemetryRecords': 'PutTelemetryRecords',
  'xray POST /SamplingRules': 'GetSamplingRules',
  'xray POST /GetSamplingRules': 'GetSamplingRules',
  'xray POST /SamplingTargets': 'GetSamplingTargets',
};

function s3Command({ method, path, destination, body, headers }: HttpRequest): Command {
  const url = new URL(path, 'http://s3');
  const bucketOfHost = /^(.+)\.s3[.-]/.exec(destination.host)?.[1];
  const parts = decodeURIComponent(url.pathname).slice(1).split('/');
  const Bucket = bucketOfHost ?? parts.shift() ?? '';
  const Key = parts.join('/');
  const isObject = Key !== '';
  const subresource = [...url.searchParams.keys()].find((name) => S3_SUBRESOURCES.has(name));
  const plain = `${method} ${isObject ? 'object' : 'bucket'}`;
  const operation = S3_OPERATIONS[plain];
  const input = {
    Bucket,
    ...(isObject ? { Key } : {}),
    ...(method === 'PUT' && isObject ? { Body: new Uint8Array(withoutChunks(body, headers)) } : {}),
  };
  const isPlain = operation !== undefined && subresource === undefined;
  // A copy is a PUT with its source in a header.
  const isCopy = headers['x-amz-copy-source'] !== undefined;
  if (isPlain && !isCopy) return { operation, protocol: 's3', input };
  return { operation: isCopy ? 'CopyObject' : `${method} ${path}`, protocol: 's3', input };
}

const S3_OPERATIONS: Readonly<Record<string, string>> = {
  'GET object': 'GetObject',
  'PUT object': 'PutObject',
  'HEAD object': 'HeadObject',
  'DELETE object': 'DeleteObject',
  'GET bucket': 'ListObjectsV2',
  'HEAD bucket': 'HeadBucket',
};

/** A query that makes another operation of the same method and path. */
const S3_SUBRESOURCES: ReadonlySet<string> = new Set([
  ...['acl', 'tagging', 'uploads', 'uploadId', 'versions', 'policy', 'cors', 'lifecycle'],
  ...['location', 'versioning', 'attributes', 'legal-hold', 'retention', 'torrent', 'select'],
]);

/** The content of `aws-chunked`: lengths in hexadecimal, each before its chunk, and trailers. */
function withoutChunks(body: Buffer, headers: HttpRequest['headers']): Buffer {
  if (headers['content-encoding']?.includes('aws-chunked') !== true) return body;
  const chunks: Buffer[] = [];
  for (let at = 0; at < body.length; ) {
    const lineEnd = body.indexOf('\r\n', at);
    const length = Number.parseInt(body.toString('latin1', at, lineEnd), 16);
    if (lineEnd < 0 || !(length > 0)) break;
    chunks.push(body.subarray(lineEnd + 2, lineEnd + 2 + length));
    at = lineEnd + 2 + length + 2;
  }
  return Buffer.concat(chunks);
}

function lambdaCommand({ method, path, headers, body }: HttpRequest): Command {
  const name = /^\/2015-03-31\/functions\/([^/]+)\/invocations/.exec(path)?.[1];
  if (name === undefined) return { operation: `${method} ${path}`, protocol: 'rest', input: {} };
  const input = {
    FunctionName: decodeURIComponent(name),
    InvocationType: headers['x-amz-invocation-type'] ?? 'RequestResponse',
    Payload: body.toString(),
  };
  return { operation: 'Invoke', protocol: 'rest', input };
}

function pathOnly(path: string): string {
  return path.split('?')[0] ?? '';
}

function jsonOf({ body }: HttpRequest): Readonly<Record<string, unknown>> {
  try {
    return plainObject(JSON.parse(body.toString('utf8')));
  } catch {
    return {};
  }
}

function cborOf({ body }: HttpRequest): Readonly<Record<string, unknown>> {
  return body.length === 0 ? {} : plainObject(cbor.deserialize(new Uint8Array(body)));
}

/** An empty one for anything else. */
function plainObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
