/**
 * Records the deliveries of a run from its history, so that another world can repeat them: the
 * records of each invocation, and the invocations that were over before it began.
 */

import type { Pushes } from '../disorder/disorder.ts';
import type { HistoryReader } from '../history/history.ts';
import { recordKey } from '../model/stream-record.ts';
import type { RecordedBatch } from '../run/deliver/recorded.ts';

export interface DeliveryRecorder {
  readonly read: HistoryReader;
  /** `pushes`: those of the run. Records that were stored twice are put twice. */
  recorded(pushes: Pushes): Recorded;
}

export interface Recorded {
  /** In the order in which they were stored. */
  readonly pushes: Pushes;
  readonly batches: readonly RecordedBatch[];
}

export function recordDeliveries(): DeliveryRecorder {
  /** Places among the run's pushes. */
  const stored: number[] = [];
  const placeOf = new Map<string, number>();
  const invoked: (Omit<RecordedBatch, 'records'> & { readonly keys: readonly string[] })[] = [];
  /** By the number of each invocation, its place. */
  const places = new Map<number, number>();
  const over: number[] = [];
  return {
    read(record) {
      if (record.type === 'record-pushed') {
        placeOf.set(recordKey(record), stored.length);
        stored.push(record.push);
      } else if (record.type === 'invoked') {
        const { shardId, sequenceNumbers, attempt, repeated, invocation } = record;
        places.set(invocation, invoked.length);
        const keys = sequenceNumbers.map((sequenceNumber) =>
          recordKey({ shardId, sequenceNumber }),
        );
        invoked.push({ attempt, repeated, keys, after: [...over] });
      } else if (record.type === 'answered') {
        const place = places.get(record.invocation);
        if (place !== undefined) over.push(place);
      }
    },
    recorded(pushes) {
      // A run that was stopped may not have pushed them all.
      const all = [...stored];
      for (let push = 0; push < pushes.length; push++) if (!stored.includes(push)) all.push(push);
      return {
        pushes: { length: all.length, at: (place) => pushes.at(all[place] ?? -1) },
        batches: invoked.map(({ keys, ...delivery }) => ({
          ...delivery,
          records: keys.flatMap((key) => placeOf.get(key) ?? []),
        })),
      };
    },
  };
}
