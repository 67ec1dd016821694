/** The game in tables that other runs use too: a mark in front of product and user ids. */
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

/** Of a record in quarantine, only the partition key is certain. */
export function markOf(table: string, row: Row): string {
  const attribute = { Scores: 'userId', Quarantine: 'partitionKey' }[table] ?? 'productId';
  return String(row[attribute]);
}

/** A product that is created and never bought. */
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
