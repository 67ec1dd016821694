/** How scores that others fight for are kept from holding up everybody else's. */
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { expect, test } from '@jest/globals';
import { createTask, sawProduct } from '../../../src/handler/batch/product-task.ts';
import { work } from '../../../src/handler/batch/run-batch.ts';
import {
  type Product,
  type Settlement,
  unknownProduct,
} from '../../../src/handler/domain/product.ts';
import { sumScores } from '../../../src/handler/dynamodb/updates.ts';
import type { Tables } from '../../../src/handler/dynamodb/view-store.ts';
import { type Counts, LIMITS } from '../../../src/handler/ports.ts';

/** A product with a sale that Scores doesn't hold yet. */
function unsettled(productId: string, creator: string): Product {
  return {
    ...unknownProduct(productId),
    revision: 1,
    turn: 0,
    creator: {
      holder: { origin: creator, eventId: '1' },
      sales: 1,
      settled: 0,
      recount: undefined,
    },
  };
}

/** Settles products; `refuses` says which action of a transaction stands in the way, if any. */
async function settleAll(
  products: readonly Product[],
  refuses: (settlements: readonly Settlement[], attempt: number) => number | undefined,
  limits: Partial<typeof LIMITS> = {},
) {
  const transactions: string[][] = [];
  const tables = {
    readProducts: async (ids: readonly string[]) =>
      products.filter(({ productId }) => ids.includes(productId)),
    async settle(settlements: readonly Settlement[]) {
      transactions.push(settlements.map(({ productId }) => productId));
      const action = refuses(settlements, transactions.length);
      if (action === undefined) return;
      const actions = settlements.length + sumScores(settlements).length;
      throw new TransactionCanceledException({
        message: 'cancelled',
        $metadata: {},
        CancellationReasons: Array.from({ length: actions }, (_, at) => ({
          Code: at === action ? 'TransactionConflict' : 'None',
        })),
      });
    },
  } as unknown as Tables;
  const tasks = products.map((product) => {
    const task = createTask(product.productId, []);
    sawProduct(task, product);
    return task;
  });
  let now = 0;
  const counts = { conflicts: 0, retries: 0, copies: 0, applied: 0, recredited: 0 } as Counts;
  const warnings: string[] = [];
  const done = await work(tasks, {
    tables,
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
  });
  return { transactions, done: [...done].map(({ productId }) => productId), counts, warnings };
}

/** The action of the score of this user, if the transaction has it. */
function scoreOf(settlements: readonly Settlement[], userId: string): number | undefined {
  const at = sumScores(settlements).findIndex((score) => score.userId === userId);
  return at < 0 ? undefined : settlements.length + at;
}

test('the products of one batch share a transaction, and each score is in it once', async () => {
  const products = ['a', 'b', 'c'].map((id) => unsettled(id, id === 'c' ? 'other' : 'user'));
  const { transactions, done, counts } = await settleAll(products, () => undefined);
  expect(transactions).toEqual([['a', 'b', 'c']]);
  expect(done).toEqual(['a', 'b', 'c']);
  expect(counts.conflicts).toBe(0);
});

test('a hot score: whoever does not need it is settled at once, by itself the rest', async () => {
  const products = ['a', 'hot1', 'b', 'hot2'].map((id) =>
    unsettled(id, id.startsWith('hot') ? 'hot' : 'calm'),
  );
  const { transactions, done } = await settleAll(products, (settlements, attempt) =>
    attempt <= 6 ? scoreOf(settlements, 'hot') : undefined,
  );
  expect(transactions[0]).toEqual(['a', 'hot1', 'b', 'hot2']);
  expect(transactions[1]).toEqual(['a', 'b']);
  for (const later of transactions.slice(2)) expect(later).toEqual(['hot1', 'hot2']);
  expect(done.slice(0, 2)).toEqual(['a', 'b']);
  expect(done).toHaveLength(4);
});

test('a score that is never free: its products are left to the next delivery, no others', async () => {
  const products = ['a', 'hot1'].map((id) => unsettled(id, id === 'a' ? 'calm' : 'hot'));
  const { transactions, done, warnings } = await settleAll(products, (settlements) =>
    scoreOf(settlements, 'hot'),
  );
  expect(done).toEqual(['a']);
  expect(warnings).toEqual(['a product is left to the next delivery']);
  // The bound on attempts, and the others' one.
  expect(transactions).toHaveLength(LIMITS.attemptsMax + 1);
});

test('a transaction has no more actions than it may', async () => {
  const products = Array.from({ length: 30 }, (_, at) => unsettled(`p${at}`, `user${at}`));
  const { transactions, done } = await settleAll(products, () => undefined, {
    transactionActionsMax: 20,
  });
  expect(done).toHaveLength(30);
  for (const products of transactions) expect(2 * products.length).toBeLessThanOrEqual(20);
  expect(transactions.flat()).toHaveLength(30);
});
