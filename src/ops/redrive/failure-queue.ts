/** The failure queue: what Lambda says of the batches that it gave up. It names their records, and has none. */
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import * as v from 'valibot';
import type { RecordRange } from './reread.ts';

/** A batch that was given up. Of a shard with several lanes, records of others lie in its range. */
export interface DiscardedBatch extends RecordRange {
  /** Such as `RetryAttemptsExhausted`. */
  readonly condition: string;
  readonly invocations: number | undefined;
  readonly records: number;
  /** ISO 8601. */
  readonly arrivedFirst: string;
  readonly arrivedLast: string;
}

export interface FailureMessage {
  /** Undefined: not one of Lambda's about a Kinesis stream. */
  readonly batch: DiscardedBatch | undefined;
  readonly receipt: string;
}

const Message = v.object({
  requestContext: v.optional(
    v.object({
      condition: v.optional(v.string()),
      approximateInvokeCount: v.optional(v.number()),
    }),
  ),
  KinesisBatchInfo: v.object({
    streamArn: v.string(),
    shardId: v.string(),
    startSequenceNumber: v.pipe(v.string(), v.digits()),
    endSequenceNumber: v.pipe(v.string(), v.digits()),
    batchSize: v.number(),
    approximateArrivalOfFirstRecord: v.string(),
    approximateArrivalOfLastRecord: v.string(),
  }),
});

/** Undefined for what is no such message. */
export function discardedBatch(body: string): DiscardedBatch | undefined {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return undefined;
  }
  const { success, output } = v.safeParse(Message, json);
  if (!success) return undefined;
  const { requestContext, KinesisBatchInfo: info } = output;
  return {
    condition: requestContext?.condition ?? 'unknown condition',
    invocations: requestContext?.approximateInvokeCount,
    streamArn: info.streamArn,
    shardId: info.shardId,
    first: info.startSequenceNumber,
    last: info.endSequenceNumber,
    records: info.batchSize,
    arrivedFirst: info.approximateArrivalOfFirstRecord,
    arrivedLast: info.approximateArrivalOfLastRecord,
  };
}

/** SQS gives at most ten at once. */
const PER_CALL = 10;
/** Asks all of the queue's servers. */
const WAIT_SECONDS = 1;

/** Up to `most` messages. Nobody else gets them for `hiddenSeconds`, unless they are released. */
export async function receiveMessages(
  client: SQSClient,
  queueUrl: string,
  { most, hiddenSeconds }: { readonly most: number; readonly hiddenSeconds: number },
): Promise<readonly FailureMessage[]> {
  const received: FailureMessage[] = [];
  while (received.length < most) {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: Math.min(PER_CALL, most - received.length),
        VisibilityTimeout: hiddenSeconds,
        WaitTimeSeconds: WAIT_SECONDS,
      }),
    );
    if (Messages.length === 0) break;
    for (const { Body = '', ReceiptHandle = '' } of Messages) {
      received.push({ batch: discardedBatch(Body), receipt: ReceiptHandle });
    }
  }
  return received;
}

/** Others may have them at once. */
export async function releaseMessages(
  client: SQSClient,
  queueUrl: string,
  messages: readonly FailureMessage[],
): Promise<void> {
  for (const { receipt } of messages) {
    await client.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: queueUrl,
        ReceiptHandle: receipt,
        VisibilityTimeout: 0,
      }),
    );
  }
}

export async function deleteMessage(
  client: SQSClient,
  queueUrl: string,
  { receipt }: FailureMessage,
): Promise<void> {
  await client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: receipt }));
}
