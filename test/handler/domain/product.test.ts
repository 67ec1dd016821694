import { describe, expect, test } from '@jest/globals';
import type { Purchase } from '../../../src/handler/domain/event.ts';
import {
  isSettled,
  type Product,
  planRecording,
  planSettlement,
  precedes,
  unknownProduct,
} from '../../../src/handler/domain/product.ts';

const purchase = (eventId: string): Purchase => ({
  kind: 'purchase',
  productId: 'p',
  eventId,
  origin: 'customer',
  timeOrigin: '2017-03-28T23:52:53.763Z',
});

const held = (eventId: string, sales: number, settled: number): Product => ({
  ...unknownProduct('p'),
  revision: 5,
  turn: 3,
  creator: { holder: { origin: 'old', eventId }, sales, settled, recount: undefined },
});

describe('who comes first', () => {
  test('the smaller event id, bytewise', () => {
    expect(precedes({ eventId: '10', origin: 'z' }, { eventId: '9', origin: 'a' })).toBe(true);
    expect(precedes({ eventId: '9', origin: 'a' }, { eventId: '10', origin: 'z' })).toBe(false);
  });
  test('of equal ones the smaller origin, in the order of its bytes, not of its code units', () => {
    const [star, emoji] = ['\uffe5', '😀'];
    expect(star < emoji).toBe(false);
    expect(precedes({ eventId: '1', origin: star }, { eventId: '1', origin: emoji })).toBe(true);
    expect(precedes({ eventId: '1', origin: 'ab' }, { eventId: '1', origin: 'a' })).toBe(false);
    expect(precedes({ eventId: '1', origin: 'a' }, { eventId: '1', origin: 'a' })).toBe(false);
  });
});

describe('recording', () => {
  test('a purchase credits a holder whose event id is smaller, not one whose is equal', () => {
    const purchases = [purchase('4'), purchase('5'), purchase('6')];
    const { salesAdded, switches, turn } = planRecording(held('5', 0, 0), purchases, {});
    expect(salesAdded).toEqual({ creator: 1, photographer: 0 });
    expect(switches).toEqual({});
    expect(turn).toBeUndefined();
  });

  test('without a holder nothing is credited', () => {
    const product = { ...unknownProduct('p'), revision: 1 };
    expect(planRecording(product, [purchase('4')], {}).salesAdded).toEqual({
      creator: 0,
      photographer: 0,
    });
  });

  test('an earlier registration takes the role: its own batch at once, the past by a recount', () => {
    const candidates = { creator: { origin: 'new', eventId: '3' } };
    const plan = planRecording(held('5', 7, 4), [purchase('4'), purchase('2')], candidates);
    expect(plan).toMatchObject({ revision: 5, turn: 3, salesAdded: { creator: 1 } });
    expect(plan.switches.creator).toEqual({
      holder: { origin: 'new', eventId: '3' },
      former: { origin: 'old', eventId: '5' },
      recount: { revision: 6, after: '3', upTo: '5' },
      debt: { role: 'creator', userId: 'old', score: 4 },
    });
  });

  test('a later registration, and the same one again, change nothing', () => {
    for (const eventId of ['6', '5']) {
      const candidates = { creator: { origin: 'old', eventId } };
      expect(planRecording(held('5', 7, 4), [], candidates).switches).toEqual({});
    }
  });

  test('the first registration of a product owes nobody, and counts everything after it', () => {
    const product = { ...unknownProduct('p'), revision: 2 };
    const plan = planRecording(product, [], { creator: { origin: 'new', eventId: '3' } });
    expect(plan.switches.creator).toMatchObject({
      recount: { revision: 3, after: '3', upTo: undefined },
      debt: undefined,
    });
  });

  test('a product of which nothing is stored has nothing to recount', () => {
    const candidates = { photographer: { origin: 'new', eventId: '3' } };
    const plan = planRecording(unknownProduct('p'), [purchase('4')], candidates);
    expect(plan.switches.photographer?.recount).toBeUndefined();
    expect(plan.salesAdded.photographer).toBe(1);
  });
});

describe('settling', () => {
  test('the holder gets what is unsettled, former holders lose what they still have', () => {
    const product: Product = {
      ...held('5', 7, 4),
      debts: [{ role: 'creator', userId: 'older', score: 2 }],
    };
    expect(isSettled(product)).toBe(false);
    expect(planSettlement(product, false)).toEqual({
      productId: 'p',
      turn: 3,
      settled: { creator: 7, photographer: 0 },
      scores: [
        { userId: 'old', role: 'creator', change: 3 },
        { userId: 'older', role: 'creator', change: -2 },
      ],
      written: undefined,
    });
  });

  test('a debt of the present holder and its sales are one change, or none', () => {
    const product: Product = {
      ...held('5', 7, 4),
      debts: [{ role: 'creator', userId: 'old', score: 3 }],
    };
    expect(planSettlement(product, false).scores).toEqual([]);
    expect(planSettlement(product, false).turn).toBe(3);
  });

  test('pending purchases are dropped only when their rows are known to be there', () => {
    const product = { ...held('5', 4, 4), pending: [purchase('6')] };
    expect(planSettlement(product, true)).toMatchObject({ written: 5, turn: undefined });
    expect(planSettlement(product, false)).toMatchObject({ written: undefined });
  });
});
