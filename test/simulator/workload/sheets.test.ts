/** Sheets of a product or a user agree with the reference, and give reasons. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Sheets } from '../../../src/simulator/model/workload.ts';
import type { WorkloadDefinition } from '../../../src/simulator/model/workload-definition.ts';
import { complete } from '../../../src/simulator/workload/complete.ts';
import { productSheet, userSheet } from '../../../src/simulator/workload/winner/sheets.ts';
import { storedEvents } from '../../../src/simulator/workload/winner/stored-events.ts';
import { winner } from '../../../src/simulator/workload/winner/winner.ts';

const T = '2017-03-28T23:52:53.763Z';
const creation = (eventId: string, origin: string) =>
  ({ kind: 'creation', productId: 'p', eventId, origin }) as const;
const photograph = (eventId: string, origin: string) =>
  ({ kind: 'photograph', productId: 'p', eventId, origin }) as const;
const purchase = (eventId: string) =>
  ({ kind: 'purchase', productId: 'p', eventId, origin: 'customer', timeOrigin: T }) as const;

describe('a product', () => {
  const sheet = productSheet('p', [
    purchase('5'),
    creation('4', 'late'),
    creation('2', 'b'),
    creation('2', 'a'),
    photograph('4', 'c'),
    purchase('1'),
    purchase('2'),
    purchase('4'),
  ]);

  test('its holders, since when, and why', () => {
    expect(sheet.facts).toEqual([
      'creator: a, since 2: the least event id of 3 product/create, and the smaller origin of the 2 that share it',
      'photographer: c, since 4: the only product/image',
      'purchases: 4, of which count 2 for the creator, 1 for the photographer',
    ]);
  });

  test('its events in canonical order, and what each means', () => {
    expect(sheet.rows.map(({ cells }) => [cells[2], cells[3], cells[4]])).toEqual([
      ['1', 'customer', 'counts for no one: before the creator, before the photographer'],
      ['2', 'b', 'nothing: its event id is shared by a smaller origin'],
      ['2', 'a', 'creator from here on'],
      ['2', 'customer', 'counts for no one: not after the creator, before the photographer'],
      ['4', 'late', 'nothing: not the least product/create'],
      ['4', 'c', 'photographer from here on'],
      ['4', 'customer', 'counts for creator: not after the photographer'],
      ['5', 'customer', 'counts for creator and photographer'],
    ]);
  });

  test('a role without a holder', () => {
    const { facts, rows } = productSheet('p', [purchase('1')]);
    expect(facts[1]).toBe('photographer: none, because there is no product/image');
    expect(rows[0]?.cells.at(-1)).toBe(
      'counts for no one: there is no creator, there is no photographer',
    );
  });
});

test('a user: the score, the products it comes from, and those that another user holds', () => {
  const other = [creation('1', 'b'), creation('2', 'a'), purchase('3')];
  const sheet = userSheet('a', [[creation('1', 'a'), purchase('0'), purchase('2')], other]);
  expect(sheet.facts).toEqual([
    'score as creator: 1, from 1 of 2 registered products',
    'score as photographer: 0, from 0 of 0 registered products',
  ]);
  expect(sheet.rows.map(({ cells }) => cells)).toEqual([
    ['p', 'creator', '1', '1', '2', 'the purchases after its creation'],
    ['p', 'creator', '2', '0', '1', 'none: another user is its creator'],
  ]);
});

test('in any history, scores and holders are the reference’s', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 1, max: 120 }), (seed, count) => {
      const history = winner.generate(seed, { count, entities: { products: 4, users: 3 } });
      const events = Array.from({ length: count }, (_, at) => history.at(at));
      const tables = winner.reference(events);
      const scores = tables.get('Scores') ?? [];
      const users = winner.sheets(history)['user'] as Sheets;
      for (const id of users.ids()) {
        const found = users.of(id)?.facts.map((fact) => Number(/: (\d+),/.exec(fact)?.[1]));
        const expected = ['creator', 'photographer'].map(
          (role) =>
            scores.find((row) => row['userId'] === id && row['role'] === role)?.['score'] ?? 0,
        );
        expect(found).toEqual(expected);
      }
      expect(scores.every(({ userId }) => [...users.ids()].includes(String(userId)))).toBe(true);
      const products = winner.sheets(history)['product'] as Sheets;
      const rows = [...products.ids()].flatMap((id) => products.of(id)?.rows ?? []);
      expect(rows.length).toBe(count);
      expect(products.of('none')).toBeUndefined();
    }),
    { numRuns: 40 },
  );
});

test('the stored events of a product have the reference of its rows', () => {
  const events = [creation('2', 'a'), creation('3', 'b'), photograph('1', 'c'), purchase('4')];
  const tables = winner.reference(events as never);
  const stored = storedEvents('p', tables.get('Contributions')?.[0], tables.get('Events') ?? []);
  expect(winner.reference(stored as never)).toEqual(tables);
  expect(storedEvents('p', undefined, [])).toEqual([]);
});

test('another workload: events by subject or origin, with the rows beside them', () => {
  interface Move {
    readonly id: string;
    readonly from: string;
    readonly to: string;
  }
  const moves: WorkloadDefinition<Move, never> = {
    name: 'moves',
    tables: { Places: { key: { place: 'S' } }, Bad: { key: { id: 'S' }, quarantine: true } },
    generate: ({ count }) =>
      Array.from({ length: count }, (_, at) => ({ id: `m${at}`, from: 'a', to: `b${at}` })),
    identity: ({ id }) => id,
    encode: ({ id }) => ({ partitionKey: id, data: id }),
    reference: (events) => ({
      Places: events.map(({ to }) => ({ place: to, bytes: Uint8Array.of(1) })),
    }),
    describe: ({ from, to, id }) => ({ kind: 'move', subject: [from, to], eventId: id }),
  };
  const workload = complete<Move>(moves, 'w.ts', () => ({}));
  const history = workload.generate('S', { count: 3 });
  const sheets = workload.sheets(history)['subject'] as Sheets;
  expect([...sheets.ids()]).toEqual(['a', 'b0', 'b1', 'b2']);
  expect(sheets.of('b1')).toEqual({
    title: 'b1',
    facts: ['Places: place b1, bytes 0x01'],
    columns: ['', 'event', 'of', 'by', 'kind'],
    rows: [{ cells: ['1', 'm1', 'a', '', 'move'] }],
  });
  expect(sheets.of('a')?.rows.length).toBe(3);
  expect(sheets.of('c')).toBeUndefined();
  expect([...(workload.sheets(history)['origin'] as Sheets).ids()]).toEqual([]);
});
