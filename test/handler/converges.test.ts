/**
 * The handler on a local DynamoDB server, with every fault at once: copies in the same, in later and
 * in concurrent batches, crashes between any two requests, lost answers, writes that arrive after
 * their retry, throttles, conflicts, unprocessed items.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { BatchWriteItemCommandOutput, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { KinesisStreamEvent } from 'aws-lambda';
import { createDynamoDBViewStore } from '../../src/handler/dynamodb/view-store.ts';
import { createHandler } from '../../src/handler/handler.ts';
import type { Counts } from '../../src/handler/ports.ts';
import { disorder } from '../../src/simulator/disorder/disorder.ts';
import type { Random } from '../../src/simulator/model/random.ts';
import { below, seededRandom } from '../../src/simulator/random.ts';
import { winner } from '../../src/simulator/workload/winner/winner.ts';
import { batchOf, startViewServer, type View, type ViewServer } from '../support/view.ts';

jest.setTimeout(60_000);
let server: ViewServer;
beforeAll(async () => {
  server = await startViewServer();
});
afterAll(() => server.stop());

interface Faults {
  /** Fraction of the invocations that crash at one of their requests. */
  readonly crash: number;
  /** Fractions of the requests. */
  readonly throttled: number;
  readonly lost: number;
  readonly late: number;
  readonly unprocessed: number;
}

const NONE: Faults = { crash: 0, throttled: 0, lost: 0, late: 0, unprocessed: 0 };
const ALL: Faults = { crash: 0.5, throttled: 0.04, lost: 0.04, late: 0.04, unprocessed: 0.1 };

test.each([
  ['one consumer', 1, 12, 4, NONE],
  ['four consumers that share every product', 4, 12, 4, NONE],
  ['eight consumers of one product', 8, 1, 2, NONE],
  ['four consumers, every fault', 4, 6, 3, ALL],
  ['one consumer, every fault', 1, 6, 3, ALL],
  ['eight consumers of one product, every fault', 8, 1, 2, ALL],
])('%s', async (_, consumers, products, users, faults) => {
  for (const seed of ['a', 'b']) {
    const view = await server.createView();
    const history = winner.generate(seed, { count: 250, entities: { products, users } });
    const events = Array.from({ length: history.length }, (_, at) => history.at(at));
    await deliverAll(
      view,
      seed,
      events.map((event) => winner.encode(event, 0).data),
      {
        consumers,
        faults,
      },
    );
    expect(await view.differences(events)).toEqual([]);
    await expectNothingUnfinished(view);
  }
});

/**
 * Shuffles and copies the records, cuts them into batches, and delivers each batch until it is
 * applied.
 */
async function deliverAll(
  view: View,
  seed: string,
  records: readonly Uint8Array[],
  { consumers, faults }: { consumers: number; faults: Faults },
) {
  const random = seededRandom(seed, 'deliveries');
  const shuffled = { shuffle: true, duplicate: 0.2, delay: 0.1, garbage: 0 };
  const pushes = disorder(records.length, shuffled, random);
  const shards: Uint8Array[][] = Array.from({ length: consumers }, () => []);
  for (let at = 0; at < pushes.length; at++) {
    const data = records[pushes.at(at).event];
    if (data !== undefined) shards[below(random, consumers)]?.push(data);
  }
  const zombies: Promise<unknown>[] = [];
  await Promise.all(
    shards.map(async (shard) => {
      for (let first = 0; first < shard.length; first += 40) {
        let event = batchOf(shard.slice(first, first + 40), first);
        for (let attempt = 1; event.Records.length > 0; attempt++) {
          if (attempt > 60) throw new Error('no progress in 60 deliveries');
          const failed = await invoke(view, event, random, attempt > 8 ? NONE : faults, zombies);
          const from = event.Records.findIndex(({ kinesis }) => failed.has(kinesis.sequenceNumber));
          event = { Records: from < 0 ? [] : event.Records.slice(from) };
        }
      }
    }),
  );
  await Promise.all(zombies);
}

/** Returns the sequence numbers to be delivered again: after a crash, all. */
async function invoke(
  view: View,
  event: ReturnType<typeof batchOf>,
  random: Random,
  faults: Faults,
  zombies: Promise<unknown>[],
): Promise<Set<string>> {
  const crashed = Promise.withResolvers<'crashed'>();
  let requestsLeft = random() < faults.crash ? below(random, 12) : Number.POSITIVE_INFINITY;
  const send = view.client.send.bind(view.client) as (
    command: unknown,
    options: unknown,
  ) => Promise<BatchWriteItemCommandOutput>;
  const client = {
    async send(command: { input: { RequestItems?: object } }, options: unknown) {
      if (requestsLeft-- <= 0) {
        crashed.resolve('crashed');
        return new Promise(() => {});
      }
      if (random() < faults.throttled) throw named('ProvisionedThroughputExceededException');
      if (random() < faults.lost) {
        await send(command, options);
        throw named('TimeoutError');
      }
      if (random() < faults.late) {
        zombies.push(
          sleep(random() * 30)
            .then(() => send(command, {}))
            .catch(() => {}),
        );
        throw named('TimeoutError');
      }
      const { RequestItems } = command.input;
      const isWrite = command.constructor.name === 'BatchWriteItemCommand';
      if (isWrite && RequestItems !== undefined && random() < faults.unprocessed) {
        const [table, requests] = Object.entries(RequestItems)[0] as [string, unknown[]];
        const cut = below(random, requests.length);
        if (cut > 0) {
          const some = new (command.constructor as new (input: object) => object)({
            RequestItems: { [table]: requests.slice(0, cut) },
          });
          await send(some, options);
        }
        return { UnprocessedItems: { [table]: requests.slice(cut) } };
      }
      return send(command, options);
    },
  } as unknown as DynamoDBClient;
  const handler = createHandler({
    store: createDynamoDBViewStore(client, view.names, 7),
    clock: {
      now: Date.now,
      sleep: (ms, signal) => sleep(ms, undefined, { signal, ref: false }).catch(() => undefined),
    },
    random: random,
    log: {
      warn: () => {},
      error: (message, fields) => {
        throw new Error(`${message}: ${JSON.stringify(fields)}`);
      },
      counted: (_: Readonly<Counts>) => {},
    },
    limits: { backoffMsFirst: 2, backoffMsMax: 50, purchasesPerWrite: 9 },
  });
  const answered = handler(event as unknown as KinesisStreamEvent, {
    getRemainingTimeInMillis: () => 30_000,
  });
  const outcome = await Promise.race([answered, crashed.promise]);
  return new Set(
    outcome === 'crashed'
      ? event.Records.map(({ kinesis }) => kinesis.sequenceNumber)
      : outcome.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier),
  );
}

/** At rest no row has a pending list, a debt, a recount or sales that are not transferred. */
async function expectNothingUnfinished(view: View) {
  for (const row of await view.rows('Contributions')) {
    expect(row['_pending'] ?? {}).toEqual({});
    expect(row['_debts']).toBeUndefined();
    for (const role of ['creator', 'photographer']) {
      expect(row[`_${role}Recount`]).toBeUndefined();
      expect(row[`_${role}Settled`] ?? 0).toEqual(row[`_${role}Sales`] ?? 0);
    }
  }
}

function named(name: string): Error {
  return Object.assign(new Error(name), { name });
}
