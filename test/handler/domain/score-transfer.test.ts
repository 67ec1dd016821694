/** What a score transfer brings into Scores. */
import { expect, test } from '@jest/globals';
import type { Product } from '../../../src/handler/domain/product.ts';
import {
  isTransferred,
  planScoreTransfer,
  sumScores,
} from '../../../src/handler/domain/score-transfer.ts';
import { heldFrom, purchase } from './held-product.ts';

test('the holder gets the sales that are not transferred yet, former holders lose their debts', () => {
  const product: Product = {
    ...heldFrom('5', 7, 4),
    debts: [{ role: 'creator', userId: 'older', score: 2 }],
  };
  expect(isTransferred(product)).toBe(false);
  expect(planScoreTransfer(product, false)).toEqual({
    productId: 'p',
    turn: 3,
    transferred: { creator: 7, photographer: 0 },
    scores: [
      { userId: 'old', role: 'creator', change: 3 },
      { userId: 'older', role: 'creator', change: -2 },
    ],
    written: undefined,
  });
});

test('a debt of the present holder and its sales are one change, or none', () => {
  const product: Product = {
    ...heldFrom('5', 7, 4),
    debts: [{ role: 'creator', userId: 'old', score: 3 }],
  };
  expect(planScoreTransfer(product, false).scores).toEqual([]);
  expect(planScoreTransfer(product, false).turn).toBe(3);
});

test('pending purchases are dropped only when they are known to have rows', () => {
  const product = { ...heldFrom('5', 4, 4), pending: [purchase('6')] };
  expect(planScoreTransfer(product, true)).toMatchObject({ written: 5, turn: undefined });
  expect(planScoreTransfer(product, false)).toMatchObject({ written: undefined });
});

test('the changes of several transfers are summed, and those that cancel out are left out', () => {
  const transfers = [
    heldFrom('5', 7, 4),
    heldFrom('5', 3, 2),
    { ...heldFrom('5', 1, 1), debts: [{ role: 'photographer', userId: 'old', score: 2 }] },
    { ...heldFrom('5', 0, 0), debts: [{ role: 'creator', userId: 'gone', score: 1 }] },
    { ...heldFrom('5', 0, 0), debts: [{ role: 'creator', userId: 'gone', score: -1 }] },
  ] satisfies Product[];
  expect(sumScores(transfers.map((product) => planScoreTransfer(product, false)))).toEqual([
    { userId: 'old', role: 'creator', change: 4 },
    { userId: 'old', role: 'photographer', change: -2 },
  ]);
});
