/** What is retried, and how it is counted. */
import { describe, expect, test } from '@jest/globals';
import type { KinesisStreamEvent } from 'aws-lambda';
import { emptyProduct } from '../../../src/handler/domain/product.ts';
import { createHandler } from '../../../src/handler/handler.ts';
import { done } from '../../../src/handler/outcome.ts';
import type { Counts } from '../../../src/handler/ports.ts';
import type { ViewStore } from '../../../src/handler/view-store.ts';
import { seededRandom } from '../../../src/simulator/random.ts';
import { winner } from '../../../src/simulator/workload/winner/winner.ts';
import { batchOf, encodeAll } from '../../support/view.ts';

async function handleWith(store: Partial<ViewStore>, payloads: Uint8Array[]): Promise<Counts> {
  const reported: Counts[] = [];
  const handler = createHandler({
    store: store as ViewStore,
    clock: {
      now: () => 0,
      sleep: (ms, signal) =>
        // Back-offs take no time; the deadline never comes.
        ms < 10_000
          ? Promise.resolve()
          : new Promise((resolve) => {
              signal.addEventListener('abort', () => resolve());
            }),
    },
    random: () => 0,
    log: { warn() {}, error() {}, counted: (counts) => reported.push({ ...counts }) },
  });
  const { batchItemFailures } = await handler(batchOf(payloads) as unknown as KinesisStreamEvent, {
    getRemainingTimeInMillis: () => 60_000,
  });
  expect(batchItemFailures).toEqual([]);
  expect(reported).toHaveLength(1);
  return reported[0] as Counts;
}

describe('rows that are left unprocessed are retried', () => {
  test('of the quarantine', async () => {
    let attempts = 0;
    const quarantine: ViewStore['quarantine'] = async (records) =>
      done(++attempts < 3 ? [records[0]?.record ?? ''] : []);
    const counts = await handleWith({ quarantine }, [Buffer.from('no'), Buffer.from('event')]);
    expect(counts).toMatchObject({ quarantined: 2, retries: 2 });
  });

  test('of reads and rows', async () => {
    const source = winner.generate(`unprocessed ${seededRandom('S', 'any')()}`, { count: 50 });
    const purchase = Array.from({ length: 50 }, (_, at) => source.at(at)).find(
      ({ kind }) => kind === 'purchase',
    );
    if (purchase === undefined) throw new Error('no purchase in the history');
    let [reads, puts] = [0, 0];
    const stored = { ...emptyProduct(purchase.productId), revision: 1 };
    const store: Partial<ViewStore> = {
      readProducts: async (ids) =>
        done(++reads === 1 ? [] : ids.map(() => emptyProduct(purchase.productId))),
      commit: async () => done(stored),
      writePurchases: async (rows) =>
        done(
          ++puts === 1
            ? rows.map(({ purchase: { productId, eventId } }) => ({ productId, eventId }))
            : [],
        ),
      readPurchases: async () => done({ stored: [], unprocessed: [] }),
      transferScores: async () => done(undefined),
    };
    const counts = await handleWith(store, encodeAll([purchase]));
    expect(counts).toMatchObject({ retries: 2, failed: 0 });
  });
});
