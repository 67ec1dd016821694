/** The failure queue: Lambda's messages about discarded batches. They name the records, and don't contain them. */
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import * as v from 'valibot';
import type { RecordRange } from './read-range.ts';

/** With a parallelization factor over 1, its range includes records of other batches. */
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
  /** Undefined: not a message of Lambda's about a Kinesis stream. */
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

/** Undefined for any other message. */
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

/** The limit of SQS. */
const PER_CALL = 10;
/** Long polling: queries all of the queue's servers. */
const WAIT_SECONDS = 1;

/** Up to `max` messages, hidden from other consumers for `hiddenSeconds` unless they are released. */
export async function receiveMessages(
  client: SQSClient,
  queueUrl: string,
  { max, hiddenSeconds }: { readonly max: number; readonly hiddenSeconds: number },
): Promise<readonly FailureMessage[]> {
  const received: FailureMessage[] = [];
  while (received.length < max) {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: Math.min(PER_CALL, max - received.length),
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

/** Makes them visible to other consumers. */
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
