/** The game in tables that are not the run's alone: a mark in front of product and user ids. */
import type { Row, StreamPayload, Workload } from '../../model/workload.ts';
import { encode } from './encode.ts';
import type { WinnerEvent } from './event.ts';

/** The longest partition key that Kinesis takes, in characters. */
const PARTITION_KEY_LENGTH_MAX = 256;

export function marked(winner: Workload<WinnerEvent>, mark: string): Workload<WinnerEvent> {
  return {
    ...winner,
    generate(seed, options) {
      const source = winner.generate(seed, options);
      return {
        length: source.length,
        at(index) {
          const event = source.at(index);
          return {
            ...event,
            productId: `${mark}${event.productId}`,
            origin: `${mark}${event.origin}`,
          };
        },
      };
    },
    garbage(seed, index) {
      const { partitionKey, ...payload } = winner.garbage(seed, index);
      const key = `${mark}${partitionKey}`.slice(0, PARTITION_KEY_LENGTH_MAX).toWellFormed();
      return { ...payload, partitionKey: key };
    },
  };
}

/** Of what is in quarantine, nothing is known for sure but its partition key. */
export function markOf(table: string, row: Row): string {
  const attribute = { Scores: 'userId', Quarantine: 'partitionKey' }[table] ?? 'productId';
  return String(row[attribute]);
}

/** A product that somebody created, and nobody buys. */
export function sentinel(name: string): {
  readonly payload: StreamPayload;
  readonly table: string;
  readonly key: Readonly<Record<string, string>>;
} {
  const time = '2017-03-28T23:52:53.763Z';
  const event: WinnerEvent = {
    kind: 'creation',
    productId: name,
    origin: name,
    eventId: `shardId-000000000000:${'0'.repeat(56)}`,
    ...{ timeOrigin: time, timeIngest: time, timeProcess: time },
    ...{ brand: '', name: '', description: '', category: '' },
  };
  return { payload: encode(event, 0), table: 'Contributions', key: { productId: name } };
}
