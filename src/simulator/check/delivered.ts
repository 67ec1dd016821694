/** The events delivered so far, in the order in which they were acknowledged. Pure. */
import { acknowledged, type HistoryRecord, type Invoked } from '../model/history.ts';
import { recordKey } from '../model/stream-record.ts';

/**
 * An event is delivered when an invocation with a record of it succeeds, or returns a partial
 * response that does not name that record.
 */
export function createDelivered() {
  const eventOf = new Map<string, number>();
  const inFlight = new Map<number, Pick<Invoked, 'shardId' | 'sequenceNumbers'>>();
  const seen = new Set<number>();
  const order: number[] = [];
  return {
    /** Indexes into the canonical history. */
    order: order as readonly number[],
    read(record: HistoryRecord): void {
      if (record.type === 'record-pushed') {
        if (record.event >= 0) eventOf.set(recordKey(record), record.event);
      } else if (record.type === 'invoked') {
        inFlight.set(record.invocation, record);
      } else if (record.type === 'answered') {
        const { shardId = '', sequenceNumbers = [] } = inFlight.get(record.invocation) ?? {};
        inFlight.delete(record.invocation);
        for (const sequenceNumber of acknowledged(sequenceNumbers, record.outcome)) {
          const event = eventOf.get(recordKey({ shardId, sequenceNumber }));
          if (event === undefined || seen.has(event)) continue;
          seen.add(event);
          order.push(event);
        }
      }
    },
  };
}
