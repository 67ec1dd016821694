/** The message that Lambda sends to an on-failure destination of type SQS. */
import type { DiscardCommand } from '../../src/simulator/event-source-mapping/messages.ts';

const CONDITIONS: Readonly<Record<DiscardCommand['reason'], string>> = {
  'retry-attempts-exhausted': 'RetryAttemptsExhausted',
  'record-age-exceeded': 'RecordAgeExceeded',
  // Not documented by AWS.
  'payload-exceeded': 'PayloadSizeExceeded',
};

export function failureMessage(command: DiscardCommand, streamArn: string): string {
  const { shardId, reason, invocations, records } = command;
  const [first] = records;
  const last = records.at(-1);
  return JSON.stringify({
    requestContext: {
      condition: CONDITIONS[reason],
      approximateInvokeCount: invocations,
    },
    version: '1.0',
    timestamp: new Date().toISOString(),
    KinesisBatchInfo: {
      shardId,
      startSequenceNumber: first?.sequenceNumber,
      endSequenceNumber: last?.sequenceNumber,
      approximateArrivalOfFirstRecord: new Date(first?.arrivedAtMs ?? 0).toISOString(),
      approximateArrivalOfLastRecord: new Date(last?.arrivedAtMs ?? 0).toISOString(),
      batchSize: records.length,
      streamArn,
    },
  });
}
