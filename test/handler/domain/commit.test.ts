/** What a commit adds and changes. */
import { expect, test } from '@jest/globals';
import { planCommit } from '../../../src/handler/domain/commit.ts';
import { emptyProduct } from '../../../src/handler/domain/product.ts';
import { heldFrom, purchase } from './held-product.ts';

test('a purchase credits a holder whose event id is smaller, not one whose is equal', () => {
  const purchases = [purchase('4'), purchase('5'), purchase('6')];
  const { salesAdded, switches, turn } = planCommit(heldFrom('5', 0, 0), purchases, {});
  expect(salesAdded).toEqual({ creator: 1, photographer: 0 });
  expect(switches).toEqual({});
  expect(turn).toBeUndefined();
});

test('without a holder nothing is credited', () => {
  const product = { ...emptyProduct('p'), revision: 1 };
  expect(planCommit(product, [purchase('4')], {}).salesAdded).toEqual({
    creator: 0,
    photographer: 0,
  });
});

test('an earlier registration takes the role: its own batch is counted at once, the past by a recount', () => {
  const candidates = { creator: { origin: 'new', eventId: '3' } };
  const plan = planCommit(heldFrom('5', 7, 4), [purchase('4'), purchase('2')], candidates);
  expect(plan).toMatchObject({ revision: 5, turn: 3, salesAdded: { creator: 1 } });
  expect(plan.switches.creator).toEqual({
    holder: { origin: 'new', eventId: '3' },
    former: { origin: 'old', eventId: '5' },
    recount: { revision: 6, after: '3', upTo: '5' },
    debt: { role: 'creator', userId: 'old', score: 4 },
  });
});

test('neither a later registration nor a copy changes the holder', () => {
  for (const eventId of ['6', '5']) {
    const candidates = { creator: { origin: 'old', eventId } };
    expect(planCommit(heldFrom('5', 7, 4), [], candidates).switches).toEqual({});
  }
});

test('the first registration of a product leaves no debt, and a recount of everything after it', () => {
  const product = { ...emptyProduct('p'), revision: 2 };
  const plan = planCommit(product, [], { creator: { origin: 'new', eventId: '3' } });
  expect(plan.switches.creator).toMatchObject({
    recount: { revision: 3, after: '3', upTo: undefined },
    debt: undefined,
  });
});

test('a product without a row has nothing to recount', () => {
  const candidates = { photographer: { origin: 'new', eventId: '3' } };
  const plan = planCommit(emptyProduct('p'), [purchase('4')], candidates);
  expect(plan.switches.photographer?.recount).toBeUndefined();
  expect(plan.salesAdded.photographer).toBe(1);
});
