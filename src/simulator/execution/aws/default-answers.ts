/** Answers to requests by which a handler only sends something: nothing of them is read back. Pure. */
import { createHash } from 'node:crypto';
import type { ServiceData } from '../../model/services.ts';
import type { AwsRequest } from './recognize-request.ts';

/** Undefined: the handler reads something from it, which is for the workload to say. */
export function defaultAnswer(
  { service, operation, input }: AwsRequest,
  nextId: () => string,
): ServiceData | undefined {
  return DEFAULTS[`${service}.${operation}`]?.(input, nextId);
}

type Default = (input: ServiceData, nextId: () => string) => ServiceData | undefined;

const NOTHING: Default = () => ({});

const DEFAULTS: Readonly<Record<string, Default>> = {
  'sqs.SendMessage': (input, nextId) => ({
    MessageId: nextId(),
    MD5OfMessageBody: md5(input['MessageBody']),
  }),
  'sqs.SendMessageBatch': (input, nextId) => ({
    Successful: listOf(input['Entries'], 'SendMessageBatchRequestEntry', input).map((entry) => ({
      Id: entry['Id'],
      MessageId: nextId(),
      MD5OfMessageBody: md5(entry['MessageBody']),
    })),
    Failed: [],
  }),
  'sns.Publish': (_, nextId) => ({ MessageId: nextId() }),
  'sns.PublishBatch': (input, nextId) => ({
    Successful: listOf(
      input['PublishBatchRequestEntries'],
      'PublishBatchRequestEntries.member',
      input,
    ).map((entry) => ({ Id: entry['Id'], MessageId: nextId() })),
    Failed: [],
  }),
  'eventbridge.PutEvents': (input, nextId) => ({
    FailedEntryCount: 0,
    Entries: listOf(input['Entries']).map(() => ({ EventId: nextId() })),
  }),
  'cloudwatch.PutMetricData': NOTHING,
  'cloudwatch-logs.PutLogEvents': (_, nextId) => ({ nextSequenceToken: nextId() }),
  'cloudwatch-logs.CreateLogStream': NOTHING,
  'cloudwatch-logs.CreateLogGroup': NOTHING,
  'xray.PutTraceSegments': () => ({ UnprocessedTraceSegments: [] }),
  'xray.PutTelemetryRecords': NOTHING,
  's3.PutObject': (input) => ({ ETag: `"${md5(input['Body'])}"` }),
  'lambda.Invoke': (input) =>
    input['InvocationType'] === 'Event' ? { StatusCode: 202 } : undefined,
  'kinesis.PutRecord': (_, nextId) => ({ ShardId: SHARD, SequenceNumber: digitsOf(nextId()) }),
  'kinesis.PutRecords': (input, nextId) => ({
    FailedRecordCount: 0,
    Records: listOf(input['Records']).map(() => ({
      ShardId: SHARD,
      SequenceNumber: digitsOf(nextId()),
    })),
  }),
  'firehose.PutRecord': (_, nextId) => ({ RecordId: nextId() }),
  'firehose.PutRecordBatch': (input, nextId) => ({
    FailedPutCount: 0,
    RequestResponses: listOf(input['Records']).map(() => ({ RecordId: nextId() })),
  }),
  'sfn.StartExecution': (input, nextId) => ({
    executionArn: `${String(input['stateMachineArn']).replace(':stateMachine:', ':execution:')}:${nextId()}`,
    startDate: 0,
  }),
};

const SHARD = 'shardId-000000000000';

function md5(value: unknown): string {
  return createHash('md5')
    .update(value instanceof Uint8Array ? value : String(value ?? ''))
    .digest('hex');
}

function digitsOf(id: string): string {
  return `49${BigInt(`0x${id.replaceAll('-', '')}`)}`;
}

/** A list in JSON, or by the names of the query protocol: `PREFIX.1.Id`, `PREFIX.2.Id`, ... */
function listOf(value: unknown, prefix = '', input: ServiceData = {}): readonly ServiceData[] {
  if (Array.isArray(value)) return value as readonly ServiceData[];
  const entries = new Map<string, Record<string, unknown>>();
  for (const [name, text] of Object.entries(input)) {
    if (!name.startsWith(`${prefix}.`)) continue;
    const [index = '', member = ''] = name.slice(prefix.length + 1).split('.');
    entries.set(index, { ...entries.get(index), [member]: text });
  }
  return [...entries.values()];
}
