/** Item 14: what isn't delivered any more goes to the on-failure destination. */
import type { StreamRecord } from '../model/stream-record.ts';
import type { DiscardReason } from './messages.ts';
import type { ShardDraft, Turn } from './turn.ts';

export function discard(
  shard: ShardDraft,
  reason: DiscardReason,
  records: readonly StreamRecord[],
  invocations: number,
  turn: Turn,
): void {
  const first = records[0];
  const last = records.at(-1);
  if (first === undefined || last === undefined) return;
  turn.commands.push({
    type: 'discard',
    shardId: shard.shardId,
    reason,
    invocations,
    records,
    metadata: {
      requestContext: { condition: CONDITIONS[reason], approximateInvokeCount: invocations },
      version: '1.0',
      timestamp: isoTime(turn.nowMs),
      KinesisBatchInfo: {
        shardId: shard.shardId,
        startSequenceNumber: first.sequenceNumber,
        endSequenceNumber: last.sequenceNumber,
        approximateArrivalOfFirstRecord: isoTime(first.arrivedAtMs),
        approximateArrivalOfLastRecord: isoTime(last.arrivedAtMs),
        batchSize: records.length,
      },
    },
  });
}

/** The first two as AWS has them; the name of the third isn't documented. */
const CONDITIONS: Readonly<Record<DiscardReason, string>> = {
  'retry-attempts-exhausted': 'RetryAttemptsExhausted',
  'record-age-exceeded': 'RecordAgeExceeded',
  'payload-exceeded': 'PayloadSizeExceeded',
};

function isoTime(atMs: number): string {
  return new Date(atMs).toISOString();
}
