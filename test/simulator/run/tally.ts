/** The smallest workload, and a world without a server around it: a run in a few milliseconds. */
import type {
  InvocationResult,
  InvokeCommand,
} from '../../../src/simulator/event-source-mapping/messages.ts';
import {
  compareSequenceNumbers,
  type StreamRecord,
} from '../../../src/simulator/model/stream-record.ts';
import type { Row, Workload } from '../../../src/simulator/model/workload.ts';
import type { PushRecord } from '../../../src/simulator/stream/put-records.ts';
import type { World } from '../../../src/simulator/worlds/world.ts';

/** An event is its own number; the table must have a row for each. */
export const tally: Workload<number> = {
  name: 'tally',
  tables: [
    { name: 'Seen', environmentVariable: 'TABLE_SEEN', key: ['id'], compared: true },
    {
      name: 'Bad',
      environmentVariable: 'TABLE_BAD',
      key: ['id'],
      compared: false,
      quarantine: true,
    },
  ],
  entities: () => ({}),
  generate: (_seed, { count }) => ({ length: count, at: (index) => index }),
  identity: String,
  encode: (event) => payload(String(event)),
  garbage: (_seed, index) => ({ ...payload(`bad ${index}`), kind: 'bad' }),
  reference: (events) =>
    new Map([['Seen', Array.from(events, (event) => ({ id: String(event) }))]]),
  comparable: (_table, row) => row,
  explain: ({ key }) => ({ headline: `event ${key[0]}`, events: [Number(key[0])] }),
  sheets: () => ({}),
  describe: (event) => ({
    kind: 'event',
    subject: String(event),
    eventId: String(event),
    origin: '',
  }),
};

function payload(text: string) {
  return { partitionKey: text, data: new TextEncoder().encode(text) };
}

export interface TinyWorld extends World {
  readonly put: World['put'];
  /** Everything that was put, in the order of its shard. */
  readonly records: readonly (StreamRecord & PushRecord)[];
  readonly tables: ReadonlyMap<string, ReadonlyMap<string, Row>>;
  readonly closed: () => number;
}

/** What the handler does with the texts of a batch, and the tables it may write to. */
export type TinyHandler = (
  texts: readonly string[],
  tables: ReadonlyMap<string, Map<string, Row>>,
  command: InvokeCommand,
) => InvocationResult | Promise<InvocationResult>;

export const SUCCESS: InvocationResult = { kind: 'returned', value: { batchItemFailures: [] } };

/** Stores each event, and each malformed record, under its own text. */
export const rightHandler: TinyHandler = (texts, tables) => {
  for (const text of texts) {
    tables.get(text.startsWith('bad') ? 'Bad' : 'Seen')?.set(text, { id: text });
  }
  return SUCCESS;
};

const SHARD = 'shardId-000000000000';

export function createTinyWorld(handler: TinyHandler = rightHandler): TinyWorld {
  const records: StreamRecord[] = [];
  const tables = new Map([
    ['Seen', new Map<string, Row>()],
    ['Bad', new Map<string, Row>()],
  ]);
  let closed = 0;
  let nowMs = 1_000_000;
  return {
    records,
    tables,
    closed: () => closed,
    async put(put) {
      return put.map(({ partitionKey, data }) => {
        const sequenceNumber = String(records.length + 1);
        const arrivedAtMs = nowMs;
        records.push({ shardId: SHARD, sequenceNumber, partitionKey, data, arrivedAtMs });
        return { shardId: SHARD, sequenceNumber };
      });
    },
    pause: async () => {},
    deliversWhilePushing: false,
    delivery: {
      now: () => nowMs,
      // Virtual time advances when no other work is left, so waiting takes no real time.
      at(atMs, callback) {
        const timer = setImmediate(() => {
          nowMs = Math.max(nowMs, atMs);
          callback();
        });
        return () => clearImmediate(timer);
      },
      discover: async () => [{ shardId: SHARD, parents: [] }],
      async poll({ from, limit }) {
        const after = from.type === 'AFTER_SEQUENCE_NUMBER' ? from.sequenceNumber : '0';
        const next = records
          .filter((record) => compareSequenceNumbers(record.sequenceNumber, after) > 0)
          .slice(0, limit);
        return { type: 'polled', records: next, millisBehindLatest: 0, endOfShard: false };
      },
      async invoke(command, assigned) {
        assigned('worker-1');
        const texts = command.records.map(({ data }) => new TextDecoder().decode(data));
        return await handler(texts, tables, command);
      },
      async discard() {},
    },
    async *scan(table) {
      const rows = tables.get(table);
      if (rows === undefined) {
        throw Object.assign(new Error('no such table'), { name: 'ResourceNotFoundException' });
      }
      yield* rows.values();
    },
    notes: [],
    output: [],
    async close() {
      closed++;
    },
  };
}
