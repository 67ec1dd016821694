import { describe, expect, test } from '@jest/globals';
import type { Difference, Row } from '../../../src/simulator/model/workload.ts';
import type { WinnerEvent } from '../../../src/simulator/workload/winner/event.ts';
import { winner } from '../../../src/simulator/workload/winner/winner.ts';

const T = '2017-03-28T23:52:53.763Z';
const stamps = { timeOrigin: T, timeIngest: T, timeProcess: T };

/** Written as `create p 3 A`, `image p 4 B`, `buy p 5`. */
function history(...lines: string[]) {
  const events = lines.map((line): WinnerEvent => {
    const [kind, productId = '', eventId = '', origin = 'customer'] = line.split(' ');
    const common = { productId, eventId, origin, ...stamps };
    if (kind === 'create') {
      const details = { brand: '', name: '', description: '', category: '' };
      return { kind: 'creation', ...common, ...details };
    }
    return kind === 'image'
      ? { kind: 'photograph', ...common, image: '' }
      : { kind: 'purchase', ...common };
  });
  return { length: events.length, at: (index: number) => events[index] as WinnerEvent };
}

const rivals = history(
  'create p 3 A',
  'buy p 2',
  'buy p 4',
  'create p 1 B',
  'image p 5 C',
  'buy q 1',
  'buy p 6',
);

function product(expected: Row | undefined, actual: Row | undefined): Difference {
  return { table: 'Contributions', key: ['p'], expected, actual };
}

function score(userId: string, should: number | undefined, is: number | undefined): Difference {
  const row = (value: number | undefined) =>
    value === undefined ? undefined : { userId, role: 'creator', score: value };
  return { table: 'Scores', key: [userId, 'creator'], expected: row(should), actual: row(is) };
}

describe('a wrong contributor', () => {
  const right = { productId: 'p', creator: 'B', creatorEventId: '1' };

  test.each([
    [
      'a later registration',
      { ...right, creator: 'A', creatorEventId: '3' },
      'the table has A, whose event id 3 is greater: a later registration was kept, as when the first to arrive wins',
    ],
    ['none', undefined, 'the table has no creator'],
    [
      'a registration that does not exist',
      { ...right, creatorEventId: '0' },
      'the table has B with event id 0, which is not a product/create of this product',
    ],
  ])('%s', (_, actual, cause) => {
    const { headline, events } = winner.explain(product(right, actual), rivals);
    expect(headline).toBe(
      `product p: the product/create with the least event id is 1 by B; ${cause}`,
    );
    expect(events).toEqual([3, 0]);
  });

  test('where there should be none', () => {
    const stray = { productId: 'q', creator: 'A', creatorEventId: '3' };
    expect(winner.explain({ ...product(undefined, stray), key: ['q'] }, rivals)).toEqual({
      headline: 'product q: the table has creator A, but there is no product/create',
      events: [],
    });
  });

  test('of two with the same least event id', () => {
    const tied = history('create p 1 B', 'create p 1 A');
    const { headline } = winner.explain(
      product({ ...right, creator: 'A' }, { ...right, creator: 'B' }),
      tied,
    );
    expect(headline).toContain('1 by A, the smaller of the origins that share it; the table has B');
  });

  test('in both roles: both causes, with the registrations of both', () => {
    const both = { ...right, photographer: 'C', photographerEventId: '5' };
    const { headline, events } = winner.explain(product(both, undefined), rivals);
    expect(headline).toContain('the table has no creator; the product/image with the least');
    expect(events).toEqual([3, 0, 4]);
  });

  test('with an extra attribute', () => {
    expect(winner.explain(product(right, { ...right, stray: 1 }), rivals).headline).toBe(
      'product p: stray should not differ',
    );
  });
});

describe('a wrong score', () => {
  test('too high by the purchases of a product that the user lost', () => {
    const { headline, events } = winner.explain(score('A', undefined, 2), rivals);
    expect(headline).toBe(
      'A as creator: score 2 is 2 too high, should be 0 (holds 0 of 1 products registered): ' +
        'as if still credited for the 2 purchases of product p, which B holds since 1',
    );
    expect(events).toEqual([3, 0, 2, 6]);
  });

  test('too low by the purchases of a product', () => {
    const { headline, events } = winner.explain(score('B', 3, undefined), rivals);
    expect(headline).toContain(
      'score 0 is 3 too low, should be 3 (holds 1 of 1 products registered)',
    );
    expect(headline).toContain(
      'as if not credited for the 3 purchases of product p after the registration 1',
    );
    expect(events).toEqual([3, 1, 0, 2, 6]);
  });

  test('counted twice, or from before the registration', () => {
    expect(winner.explain(score('B', 3, 6), rivals).headline).toContain(
      'as if the 3 purchases of product p had been counted twice',
    );
    const early = history('buy p 1', 'create p 2 B');
    expect(winner.explain(score('B', undefined, 1), early).headline).toContain(
      'as if credited for the 1 purchase of product p before the registration 2',
    );
  });

  test('by an amount that no product explains: a general cause', () => {
    expect(winner.explain(score('B', 3, 2), rivals).headline).toContain(
      'purchases were not counted',
    );
    expect(winner.explain(score('unknown', undefined, 1), rivals)).toEqual({
      headline: expect.stringContaining('purchases were counted twice'),
      events: [],
    });
  });

  test('with many events: fifty of them, the registrations included', () => {
    const many = history(
      ...Array.from({ length: 80 }, (_, index) => `buy p ${1000 + index}`),
      'create p 0 B',
      'create p 5000 A',
    );
    const { headline, events } = winner.explain(score('B', 80, 79), many);
    expect(headline).toContain('(50 of the 82 events that affect it are listed)');
    expect(events).toHaveLength(50);
    expect([events[0], events[49]]).toEqual([80, 81]);
  });
});

describe('a wrong purchase', () => {
  const row = { productId: 'p', eventId: '2', origin: 'customer', timeOrigin: T };
  const difference = (expected?: Row, actual?: Row) => ({
    table: 'Events',
    key: ['p', '2'],
    expected,
    actual,
  });

  test.each([
    [row, undefined, 'purchase 2 of product p is missing'],
    [undefined, row, 'purchase 2 of product p is in the table, but no such event was pushed'],
    [row, { ...row, origin: 'X' }, 'purchase 2 of product p: origin is X instead of customer'],
  ])('%#', (expected, actual, headline) => {
    expect(winner.explain(difference(expected, actual), rivals)).toEqual({ headline, events: [1] });
  });
});
