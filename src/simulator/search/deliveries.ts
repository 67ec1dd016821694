/**
 * What a run was delivered, told from its history: which records went into each invocation, how often, and
 * which invocations were over before it began. Enough to deliver the same to another world.
 */

import type { Pushes } from '../disorder/disorder.ts';
import type { HistoryReader } from '../history/history.ts';
import { recordKey } from '../model/stream-record.ts';
import type { GivenDeliveries, GivenDelivery } from '../run/deliver/recorded.ts';

export interface DeliveryRecorder {
  readonly read: HistoryReader;
  /** `pushes`: those of the run. What was stored twice is to be put twice. */
  recorded(pushes: Pushes): Recorded;
}

export interface Recorded {
  /** What is to be put, in the order in which it was stored. */
  readonly pushes: Pushes;
  readonly deliveries: GivenDeliveries;
}

export function recordDeliveries(): DeliveryRecorder {
  /** Places among the run's pushes. */
  const stored: number[] = [];
  const placeOf = new Map<string, number>();
  const invoked: (Omit<GivenDelivery, 'records'> & { readonly keys: readonly string[] })[] = [];
  /** By the number of the invocation: its place. */
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
      // A run that was stopped may not have got to the last of them.
      const all = [...stored];
      for (let push = 0; push < pushes.length; push++) if (!stored.includes(push)) all.push(push);
      return {
        pushes: { length: all.length, at: (place) => pushes.at(all[place] ?? -1) },
        deliveries: invoked.map(({ keys, ...delivery }) => ({
          ...delivery,
          records: keys.flatMap((key) => placeOf.get(key) ?? []),
        })),
      };
    },
  };
}
