/** Definitions of workloads: defaults, and one line for each mistake. */
import { describe, expect, test } from '@jest/globals';
import type { GenerateOptions } from '../../../src/simulator/model/workload.ts';
import type { WorkloadDefinition } from '../../../src/simulator/model/workload-definition.ts';
import { complete } from '../../../src/simulator/workload/complete.ts';
import { resolveEntities } from '../../../src/simulator/workload/resolve-entities.ts';

interface Tick {
  readonly id: string;
  readonly clock: string;
}

const ticks: WorkloadDefinition<Tick, never> = {
  name: 'ticks',
  tables: { Clocks: { key: { clock: 'S' } }, Bad: { key: { id: 'S' }, quarantine: true } },
  generate: ({ count, roll }) =>
    Array.from({ length: count }, (_, at) => ({
      id: `${at}`,
      clock: `c${Math.floor(roll() * 3)}`,
    })),
  identity: ({ id }) => id,
  encode: (tick) => ({ partitionKey: tick.clock, data: JSON.stringify(tick) }),
  reference: (events) => ({
    Clocks: [...Map.groupBy(events, ({ clock }) => clock)].map(([clock, { length }]) => ({
      clock,
      ticks: length,
    })),
  }),
};
const completed = (changes: object = {}) =>
  complete<Tick>({ ...ticks, ...changes }, 'w.ts', () => ({ users: 7 }));

describe('entities', () => {
  const sizesOf = (changes: object, options: GenerateOptions) => {
    let sizes: object = {};
    const generate = (given: { readonly count: number }) => {
      sizes = given;
      return Array.from({ length: given.count }, (_, at) => ({ id: `${at}`, clock: '' }));
    };
    completed({ ...changes, generate }).generate('S', options);
    return sizes;
  };

  test('are options of generate, by name', () => {
    const own = { entities: (count: number) => ({ clocks: count / 2, walls: 1 }) };
    expect(sizesOf(own, { count: 4, entities: { walls: 3 } })).toEqual({
      count: 4,
      clocks: 2,
      walls: 3,
      roll: expect.any(Function),
    });
  });

  test('default to those of the shipped workload', () => {
    expect(sizesOf({}, { count: 4 })).toMatchObject({ count: 4, users: 7 });
  });

  test('that the workload does not have are refused', () => {
    const asked = { count: 10, entities: { clocks: 3 } };
    expect(() => resolveEntities(completed(), asked)).toThrow(
      '--entity: the workload ticks has no "clocks"; it has users',
    );
    expect(
      resolveEntities(completed({ entities: () => ({ clocks: 1, walls: 2 }) }), asked),
    ).toEqual({
      clocks: 3,
      walls: 2,
    });
  });
});

describe('defaults', () => {
  test('each table has a variable named after it; all but a quarantine are compared', () => {
    expect(completed().tables).toMatchObject([
      { name: 'Clocks', environmentVariable: 'TABLE_CLOCKS_NAME', key: ['clock'], compared: true },
      { name: 'Bad', compared: false, quarantine: true },
    ]);
  });

  test('rows are compared without bookkeeping', () => {
    expect(completed().comparable('Clocks', { clock: 'c', _rev: 3 })).toEqual({ clock: 'c' });
  });

  test('the event id is the identity, and events explain the rows of their subjects', () => {
    const workload = completed({
      describe: ({ clock }: Tick) => ({ kind: 'tick', subject: [clock] }),
    });
    const history = workload.generate('S', { count: 30 });
    expect(workload.describe(history.at(4))).toMatchObject({ kind: 'tick', eventId: '4' });
    const difference = {
      table: 'Clocks',
      key: ['c1'],
      expected: { clock: 'c1' },
      actual: undefined,
    };
    const { headline, events } = workload.explain(difference, history);
    expect(headline).toBe('Clocks c1 has no row, and the reference has one');
    expect(events.length).toBeGreaterThan(3);
    expect(events.every((at) => history.at(at).clock === 'c1')).toBe(true);
  });
});

test('a string is encoded as UTF-8, bytes are left unchanged', () => {
  const event = { id: '1', clock: 'ü' };
  expect(Buffer.from(completed().encode(event, 0).data).toString()).toBe(JSON.stringify(event));
  const bytes = new Uint8Array([1, 2]);
  const workload = completed({ encode: () => ({ partitionKey: 'k', data: bytes }) });
  expect(workload.encode(event, 0).data).toBe(bytes);
});

describe('a mistake is reported in one line', () => {
  const made = { count: 3 };
  test.each<[string, object, (workload: ReturnType<typeof completed>) => unknown, RegExp]>([
    ['no name', { name: '' }, () => 0, /name/],
    ['a function that is not one', { encode: 'json' }, () => 0, /encode: .*Function/],
    ['an unknown field', { refrence: () => ({}) }, () => 0, /refrence/],
    ['no tables', { tables: {} }, () => 0, /at least one table/],
    [
      'a key with three attributes',
      { tables: { T: { key: { a: 'S', b: 'S', c: 'S' } } } },
      () => 0,
      /one or two/,
    ],
    ['too few events', { generate: () => [] }, (w) => w.generate('S', made), /asked for 3 events/],
    [
      'randomness of its own',
      { generate: () => [1, 2, 3].map(() => ({ id: String(Math.random()), clock: '' })) },
      (w) => w.generate('S', made),
      /use `roll` for all randomness/,
    ],
    [
      'rows of a table that does not exist',
      { reference: () => ({ Clocs: [] }) },
      (w) => w.reference([]),
      /Clocs, and the tables are Clocks/,
    ],
    [
      'a row without its key',
      { reference: () => ({ Clocks: [{}] }) },
      (w) => w.reference([]),
      /lacks its key clock/,
    ],
    [
      'a record without a key',
      { encode: () => ({ data: '' }) },
      (w) => w.encode({ id: '', clock: '' }, 0),
      /partitionKey/,
    ],
    [
      'data of a wrong type',
      { encode: () => ({ partitionKey: 'k', data: 1 }) },
      (w) => w.encode({ id: '', clock: '' }, 0),
      /string or a Uint8Array/,
    ],
    [
      'a watcher that lacks a function',
      { watch: () => ({ wrote: () => undefined, committed: () => undefined }) },
      (w) => w.watch?.(),
      /watch must return the functions wrote, committed, checkpointed/,
    ],
    [
      'a violation that is not one',
      {
        watch: () => ({
          wrote: () => 'below zero',
          committed: () => undefined,
          checkpointed: () => undefined,
        }),
      },
      (w) => w.watch?.().wrote('Clocks', undefined, undefined),
      /wrote must return \{ invariant, message \} or undefined/,
    ],
    ['no function for garbage', {}, (w) => w.garbage('S', 0), /`garbage`/],
    [
      'a reference that throws',
      {
        reference: () => {
          throw new TypeError('no\nsuch account');
        },
      },
      (w) => w.reference([]),
      /: reference threw TypeError: no such account \(complete\.test\.ts:\d+:\d+\)$/,
    ],
    [
      'a generate that throws',
      {
        generate: () => {
          throw new RangeError('count');
        },
      },
      (w) => w.generate('S', made),
      /: generate threw RangeError: count /,
    ],
  ])('%s', (_, changes, use, message) => {
    const act = () => use(completed(changes));
    expect(act).toThrow(message);
    expect(act).toThrow(/^--workload w\.ts: [^\n]*$/);
  });
});
