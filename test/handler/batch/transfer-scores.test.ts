/** Products with a contended score do not delay the others. */
import { expect, test } from '@jest/globals';
import { advance, createTask } from '../../../src/handler/batch/product-task.ts';
import { runBatch } from '../../../src/handler/batch/run-batch.ts';
import { emptyProduct, type Product } from '../../../src/handler/domain/product.ts';
import { type ScoreTransfer, sumScores } from '../../../src/handler/domain/score-transfer.ts';
import { done, type Refused } from '../../../src/handler/outcome.ts';
import { type Counts, LIMITS } from '../../../src/handler/ports.ts';
import type { ViewStore } from '../../../src/handler/view-store.ts';

/** A product with a sale that Scores does not have yet. */
function untransferred(productId: string, creator: string): Product {
  return {
    ...emptyProduct(productId),
    revision: 1,
    creator: {
      holder: { origin: creator, eventId: '1' },
      sales: 1,
      transferred: 0,
      recount: undefined,
    },
  };
}

type Refuse = (transfers: readonly ScoreTransfer[], attempt: number) => Refused | undefined;

/** Transfers the scores of products; `refuse` says what a transaction is refused for, if it is. */
async function transferAll(
  products: readonly Product[],
  refuse: Refuse,
  limits: Partial<typeof LIMITS> = {},
) {
  const transactions: string[][] = [];
  const store: Pick<ViewStore, 'readProducts' | 'transferScores'> = {
    readProducts: async (ids) => done(products.filter(({ productId }) => ids.includes(productId))),
    async transferScores(transfers) {
      transactions.push(transfers.map(({ productId }) => productId));
      const refused = refuse(transfers, transactions.length);
      if (refused === undefined) return done(undefined);
      return { kind: 'conflict', error: 'TransactionCanceledException', refused };
    },
  };
  const tasks = products.map((product) => {
    const task = createTask(product.productId, []);
    advance(task, { kind: 'product-read', product });
    return task;
  });
  let now = 0;
  const counts = { conflicts: 0, retries: 0, copies: 0, applied: 0, recredited: 0 } as Counts;
  const warnings: string[] = [];
  const ended: string[] = [];
  await runBatch(tasks, {
    store: store as ViewStore,
    clock: {
      now: () => now,
      sleep: async (ms) => {
        now += ms;
      },
    },
    random: () => 1,
    log: {
      warn: (text) => warnings.push(text),
      error: (text) => warnings.push(text),
      counted() {},
    },
    limits: { ...LIMITS, ...limits },
    counts,
    signal: new AbortController().signal,
    observe(observation) {
      if (observation.kind === 'end' && observation.end === 'done') {
        ended.push(observation.task.productId);
      }
    },
  });
  return { transactions, done: ended, counts, warnings };
}

/** Refuses a transaction that changes the score of this user. */
const refuseScoreOf =
  (userId: string): Refuse =>
  (transfers) => {
    const scores = sumScores(transfers).filter((score) => score.userId === userId);
    return scores.length === 0 ? undefined : { productIds: [], scores };
  };

test('the products of one batch share a transaction, and each score is in it once', async () => {
  const products = ['a', 'b', 'c'].map((id) => untransferred(id, id === 'c' ? 'other' : 'user'));
  const { transactions, done, counts } = await transferAll(products, () => undefined);
  expect(transactions).toEqual([['a', 'b', 'c']]);
  expect(done).toEqual(['a', 'b', 'c']);
  expect(counts.conflicts).toBe(0);
});

test('a hot score: products that do not change it are transferred at once, the others by themselves', async () => {
  const products = ['a', 'hot1', 'b', 'hot2'].map((id) =>
    untransferred(id, id.startsWith('hot') ? 'hot' : 'other'),
  );
  const { transactions, done } = await transferAll(products, (transfers, attempt) =>
    attempt <= 6 ? refuseScoreOf('hot')(transfers, attempt) : undefined,
  );
  expect(transactions[0]).toEqual(['a', 'hot1', 'b', 'hot2']);
  expect(transactions[1]).toEqual(['a', 'b']);
  for (const later of transactions.slice(2)) expect(later).toEqual(['hot1', 'hot2']);
  expect(done.slice(0, 2)).toEqual(['a', 'b']);
  expect(done).toHaveLength(4);
});

test('a score that is always contended: only its products are left to the next delivery', async () => {
  const products = ['a', 'hot1'].map((id) => untransferred(id, id === 'a' ? 'other' : 'hot'));
  const { transactions, done, warnings } = await transferAll(products, refuseScoreOf('hot'));
  expect(done).toEqual(['a']);
  expect(warnings).toEqual(['a product is left to the next delivery']);
  // The attempts of the contended product, and one of the other.
  expect(transactions).toHaveLength(LIMITS.attemptsMax + 1);
});

test('a transaction has at most the actions that the limits allow', async () => {
  const products = Array.from({ length: 30 }, (_, at) => untransferred(`p${at}`, `user${at}`));
  const { transactions, done } = await transferAll(products, () => undefined, {
    transactionActionsMax: 20,
  });
  expect(done).toHaveLength(30);
  for (const products of transactions) expect(2 * products.length).toBeLessThanOrEqual(20);
  expect(transactions.flat()).toHaveLength(30);
});
