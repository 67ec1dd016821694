/** Each invariant is broken by hand, and what breaks none is let pass. */
import { describe, expect, test } from '@jest/globals';
import { createInvariants } from '../../../../src/simulator/check/invariants.ts';
import type { HistoryFact } from '../../../../src/simulator/model/history.ts';
import type { Row } from '../../../../src/simulator/model/workload.ts';
import type { WinnerEvent } from '../../../../src/simulator/workload/winner/event.ts';
import { watch } from '../../../../src/simulator/workload/winner/watch.ts';
import { winner } from '../../../../src/simulator/workload/winner/winner.ts';

const STAMPS = { timeOrigin: '', timeIngest: '', timeProcess: '' };
const PURCHASE: WinnerEvent = {
  kind: 'purchase',
  productId: 'p',
  eventId: 'e5',
  origin: 'c',
  ...STAMPS,
};
const CREATION: WinnerEvent = {
  ...{ kind: 'creation', productId: 'p', eventId: 'e3', origin: 'm' },
  ...{ brand: '', name: '', description: '', category: '' },
  ...STAMPS,
};

type Write = readonly [table: string, before: Row | undefined, after: Row | undefined];

/** What the writes of one transaction break, each list one transaction. */
function broken(...transactions: readonly (readonly Write[])[]): string | undefined {
  const watcher = watch();
  for (const writes of transactions) {
    for (const write of writes) {
      const wrong = watcher.wrote(...write)?.message;
      if (wrong !== undefined) return wrong;
    }
    const wrong = watcher.committed()?.message;
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

const score = (before: number | undefined, after: number): Write => {
  const row = (value: number) => ({ userId: 'm', role: 'creator', score: value });
  return ['Scores', before === undefined ? undefined : row(before), row(after)];
};
const product = (before: Row | undefined, after: Row): Write => {
  const row = (values: Row) => ({ productId: 'p', ...values });
  return ['Contributions', before && row(before), row(after)];
};
const sale = (eventId: string): Write => [
  'Events',
  undefined,
  { productId: 'p', eventId, origin: 'c' },
];

describe('a purchase once written', () => {
  const row = { productId: 'p', eventId: 'e5', origin: 'c', _seen: 1 };
  test.each<[string, Row | undefined, string | undefined]>([
    ['stays', { ...row }, undefined],
    ['changes in bookkeeping', { ...row, _seen: 2 }, undefined],
    ['changes', { ...row, origin: 'd' }, 'changed in origin'],
    ['gets more', { ...row, created: 'now' }, 'changed in created'],
    ['is deleted', undefined, 'was deleted'],
  ])('%s', (_, after, wrong) => {
    const found = broken([['Events', undefined, row]], [['Events', row, after]]);
    if (wrong === undefined) expect(found).toBeUndefined();
    else expect(found).toBe(`the row of purchase e5 of product p ${wrong}`);
  });
});

describe('a contributor', () => {
  const at = (eventId: string) => ({ creator: 'm', creatorEventId: eventId });
  test('may move to an earlier registration', () => {
    expect(broken([product(at('e3'), at('e2'))])).toBeUndefined();
  });
  test.each<[string, Row]>([
    ['to a later one', at('e4')],
    ['to none', {}],
  ])('never moves %s', (_, after) => {
    expect(broken([product(at('e3'), after)])).toMatch(
      /^the creator of product p went from event e3/,
    );
  });
});

describe('scores of a handler that keeps books', () => {
  const books = (settled: number, debts: Row[] = []): Row => ({
    ...{ creator: 'm', creatorEventId: 'e3', _creatorSettled: settled },
    ...(debts.length > 0 ? { _debts: debts } : {}),
  });
  test('go with them, by transactions', () => {
    expect(
      broken([product(undefined, books(0))], [product(books(0), books(4)), score(undefined, 4)]),
    ).toBeUndefined();
  });
  test.each<[string, readonly Write[]]>([
    ['a score without its books', [score(undefined, 1)]],
    ['books without their score', [product(books(0), books(1))]],
    ['a score that is another', [product(books(0), books(2)), score(undefined, 1)]],
  ])('%s', (_, writes) => {
    expect(broken([product(undefined, books(0))], writes)).toMatch(/off what the products say/);
  });
  test('a debt stands for a score that another user still has', () => {
    const debt = { role: 'creator', userId: 'm', score: 4 };
    const taken = { creator: 'n', creatorEventId: 'e1', _creatorSettled: 0, _debts: [debt] };
    const had: readonly Write[] = [product(undefined, books(4)), score(undefined, 4)];
    expect(broken(had, [product(books(4), taken)])).toBeUndefined();
    const forgotten = { ...taken, _debts: [] };
    expect(broken(had, [product(books(4), forgotten)])).toMatch(/is 4 off/);
  });
});

describe('scores of any other handler', () => {
  const stands = product(undefined, { creator: 'm', creatorEventId: 'e3' });
  test('lie within what is stored', () => {
    expect(
      broken([stands], [sale('e5'), sale('e6'), score(undefined, 2)], [score(2, 0)]),
    ).toBeUndefined();
  });
  test('a former contributor still has them for a while', () => {
    const taken = product(
      { creator: 'm', creatorEventId: 'e3' },
      { creator: 'n', creatorEventId: 'e1' },
    );
    expect(
      broken([stands], [sale('e5'), score(undefined, 1)], [taken], [score(1, 0)]),
    ).toBeUndefined();
  });
  test.each<[string, readonly Write[]]>([
    ['more than was sold', [sale('e5'), score(undefined, 2)]],
    ['less than nothing', [sale('e5'), score(undefined, -1)]],
    [
      'of a user who never had the role',
      [sale('e5'), ['Scores', undefined, { userId: 'x', role: 'creator', score: 1 }]],
    ],
  ])('%s', (_, writes) => {
    expect(broken([stands], writes)).toMatch(/^the score of creator . is -?\d, and the purchases/);
  });
});

describe('what a checkpoint has gone past', () => {
  const SHARD = 'shardId-000000000000';
  const pushed = (event: number, sequenceNumber: string): HistoryFact => {
    return { type: 'record-pushed', push: event, event, copy: 0, shardId: SHARD, sequenceNumber };
  };
  const moved = (sequenceNumber: string): HistoryFact => {
    return { type: 'checkpoint-moved', shardId: SHARD, sequenceNumber };
  };
  const discarded = (sequenceNumber: string): HistoryFact => ({
    ...{ type: 'batch-discarded', shardId: SHARD, reason: 'retry-attempts-exhausted' },
    ...{ invocations: 1, sequenceNumbers: [sequenceNumber] },
  });

  /** The first violation of these facts, with these rows in the tables. */
  async function violated(facts: readonly HistoryFact[], rows: Readonly<Record<string, Row>> = {}) {
    const invariants = createInvariants(watch(), winner.describe);
    const events = [PURCHASE, CREATION];
    const source = { length: 2, at: (index: number) => events[index] as WinnerEvent };
    invariants.begin(source, (table, key) => rows[`${table} ${key.join(' ')}`]);
    for (const fact of facts) invariants.read({ atMs: 0, ...fact });
    const violation = await Promise.race([invariants.violated, Promise.resolve(undefined)]);
    return violation?.message;
  }

  test.each<[string, readonly HistoryFact[], string | undefined]>([
    ['not yet', [pushed(0, '5'), moved('4')], undefined],
    ['a purchase without its row', [pushed(0, '5'), moved('5')], 'the purchase e5 of product p'],
    ['told to the producer afterwards', [moved('6'), pushed(0, '5')], 'the purchase e5'],
    [
      'put in another order than answered',
      [pushed(0, '9'), pushed(0, '5'), moved('6')],
      'the purchase e5',
    ],
    [
      'a registration without its role',
      [pushed(1, '5'), moved('5')],
      'm was acknowledged as creator',
    ],
    ['discarded, and so lawfully lost', [pushed(0, '5'), discarded('5'), moved('5')], undefined],
    ['a malformed record', [pushed(-1, '5'), moved('5')], undefined],
  ])('%s', async (_, facts, wrong) => {
    const found = await violated(facts);
    if (wrong === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(wrong);
  });

  test.each([
    ['its own', 'e3', undefined],
    ['an earlier one', 'e1', undefined],
    ['a later one', 'e4', 'the row has e4'],
  ])('a registration, the row having %s', async (_, creatorEventId, wrong) => {
    const rows = { 'Contributions p': { productId: 'p', creator: 'm', creatorEventId } };
    const found = await violated([pushed(1, '5'), moved('5')], rows);
    if (wrong === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(wrong);
  });
});
