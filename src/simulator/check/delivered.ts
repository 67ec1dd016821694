/** Which events have been delivered for good so far, in the order in which they were. Pure. */
import type { HistoryRecord } from '../model/history.ts';
import { recordKey } from '../model/stream-record.ts';

/**
 * An event counts once an invocation that had a record of it succeeded, or answered in part without
 * naming that record.
 */
export function createDelivered() {
  const eventOf = new Map<string, number>();
  const inFlight = new Map<number, readonly string[]>();
  const seen = new Set<number>();
  const order: number[] = [];
  return {
    /** Indexes into the canonical history. */
    order: order as readonly number[],
    read(record: HistoryRecord): void {
      if (record.type === 'record-pushed') {
        const { shardId, sequenceNumber, event } = record;
        if (event >= 0) eventOf.set(recordKey({ shardId, sequenceNumber }), event);
      } else if (record.type === 'invoked') {
        const { invocation, shardId, sequenceNumbers } = record;
        const keys = sequenceNumbers.map((sequenceNumber) =>
          recordKey({ shardId, sequenceNumber }),
        );
        inFlight.set(invocation, keys);
      } else if (record.type === 'answered') {
        const keys = inFlight.get(record.invocation) ?? [];
        inFlight.delete(record.invocation);
        for (const key of acknowledged(keys, record)) {
          const event = eventOf.get(key);
          if (event === undefined || seen.has(event)) continue;
          seen.add(event);
          order.push(event);
        }
      }
    },
  };
}

function acknowledged(
  keys: readonly string[],
  { outcome }: Extract<HistoryRecord, { readonly type: 'answered' }>,
): readonly string[] {
  if (outcome.kind === 'success') return keys;
  if (outcome.kind !== 'partial') return [];
  const failed = new Set(outcome.failed);
  return keys.filter((key) => !failed.has(key.slice(key.indexOf(' ') + 1)));
}
