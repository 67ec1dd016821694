import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Comparison, compare } from '../../../src/simulator/check/check.ts';
import { differingAttributes, sameValue } from '../../../src/simulator/check/equality.ts';
import type { Row, Tables } from '../../../src/simulator/model/workload.ts';

/** Two tables that matter, one that doesn't; bookkeeping begins with `_`, a score of 0 is no row. */
const tiny: Comparison = {
  tables: [
    { name: 'Owners', environmentVariable: 'O', key: ['id'], compared: true },
    { name: 'Totals', environmentVariable: 'T', key: ['user', 'role'], compared: true },
    { name: 'Quarantine', environmentVariable: 'Q', key: ['id'], compared: false },
  ],
  comparable: (table, row) => {
    if (table === 'Totals' && row['score'] === 0) return undefined;
    return Object.fromEntries(Object.entries(row).filter(([name]) => !name.startsWith('_')));
  },
};

const OWNERS: readonly Row[] = [
  { id: 'p1', owner: 'a', tags: ['x', 'y'], at: { shard: 1, raw: new Uint8Array([1, 2]) } },
  { id: 'p2', owner: 'b', tags: [], at: { shard: 2, raw: new Uint8Array() } },
];
const TOTALS: readonly Row[] = [
  { user: 'a', role: 'maker', score: 3 },
  { user: 'b', role: 'maker', score: 1 },
];
const expected: Tables = new Map([
  ['Owners', OWNERS],
  ['Totals', TOTALS],
]);

function check(stored: { owners?: readonly Row[]; totals?: readonly Row[] }) {
  const tables = new Map([
    ['Owners', stored.owners ?? OWNERS],
    ['Totals', stored.totals ?? TOTALS],
  ]);
  return compare(tiny, expected, tables);
}

describe('the checker accepts', () => {
  test('the same rows', async () => {
    expect(await check({})).toEqual([]);
  });

  test('rows in another order, attributes in another order, buffers for bytes, from a stream', async () => {
    async function* owners() {
      yield { at: { raw: Buffer.from([]), shard: 2 }, tags: [], owner: 'b', id: 'p2' };
      const at = Object.assign(Object.create(null), { raw: Buffer.from([1, 2]), shard: 1 });
      yield { id: 'p1', tags: ['x', 'y'], at, owner: 'a' };
    }
    const stored = new Map<string, AsyncIterable<Row> | Iterable<Row>>([
      ['Owners', owners()],
      ['Totals', new Set(TOTALS).values()],
    ]);
    expect(await compare(tiny, expected, stored)).toEqual([]);
  });

  test('bookkeeping, rows that equal none, and tables that are not compared', async () => {
    const owners = OWNERS.map((row, index) => ({ ...row, _version: index }));
    const totals = [...TOTALS, { user: 'c', role: 'maker', score: 0, _touched: true }];
    const stored = new Map([
      ['Owners', owners],
      ['Totals', totals],
      ['Quarantine', [{ id: 'anything' }]],
    ]);
    expect(await compare(tiny, expected, stored)).toEqual([]);
    const lenient = new Map([
      ...expected,
      ['Totals', [...TOTALS, { user: 'd', role: 'x', score: 0 }]],
    ]);
    expect(await compare(tiny, lenient as Tables, stored)).toEqual([]);
  });
});

describe('the checker refuses', () => {
  const [first, second] = OWNERS as [Row, Row];
  const without = (row: Row, gone: string): Row =>
    Object.fromEntries(Object.entries(row).filter(([name]) => name !== gone));

  test.each<[string, Row]>([
    ['another value', { ...first, owner: 'b' }],
    ['an attribute too many', { ...first, extra: 1 }],
    ['an attribute too many that is null', { ...first, extra: null }],
    ['an attribute too few', without(first, 'owner')],
    ['a list in another order', { ...first, tags: ['y', 'x'] }],
    ['a shorter list', { ...first, tags: ['x'] }],
    ['a longer list', { ...first, tags: ['x', 'y', 'z'] }],
    ['another nested number', { ...first, at: { shard: 2, raw: new Uint8Array([1, 2]) } }],
    ['a nested number as text', { ...first, at: { shard: '1', raw: new Uint8Array([1, 2]) } }],
    ['other bytes', { ...first, at: { shard: 1, raw: new Uint8Array([1, 3]) } }],
    ['bytes as a list', { ...first, at: { shard: 1, raw: [1, 2] } }],
    ['fewer bytes', { ...first, at: { shard: 1, raw: new Uint8Array([1]) } }],
    ['a list as a map', { ...first, tags: { 0: 'x', 1: 'y' } }],
    ['null for a map', { ...first, at: null }],
  ])('%s', async (_name, row) => {
    expect(await check({ owners: [row, second] })).toEqual([
      { table: 'Owners', key: ['p1'], expected: first, actual: row },
    ]);
  });

  test('a number as text', async () => {
    const [row] = await check({
      totals: [{ user: 'a', role: 'maker', score: '3' }, TOTALS[1] as Row],
    });
    expect(row).toMatchObject({ expected: { score: 3 }, actual: { score: '3' } });
  });

  test('a missing row', async () => {
    expect(await check({ owners: [second] })).toEqual([
      { table: 'Owners', key: ['p1'], expected: first, actual: undefined },
    ]);
  });

  test('a row that equals none where one is expected', async () => {
    const totals = [{ user: 'a', role: 'maker', score: 0 }, TOTALS[1] as Row];
    expect(await check({ totals })).toEqual([
      { table: 'Totals', key: ['a', 'maker'], expected: TOTALS[0], actual: undefined },
    ]);
  });

  test('a row too many, shown without its bookkeeping', async () => {
    const extra = { user: 'a', role: 'maker2', score: 9, _version: 1 };
    expect(await check({ totals: [...TOTALS, extra] })).toEqual([
      {
        table: 'Totals',
        key: ['a', 'maker2'],
        expected: undefined,
        actual: { user: 'a', role: 'maker2', score: 9 },
      },
    ]);
  });

  test('two rows with their values swapped', async () => {
    const totals = [
      { user: 'a', role: 'maker', score: 1 },
      { user: 'b', role: 'maker', score: 3 },
    ];
    expect(await check({ totals })).toHaveLength(2);
  });

  test('an empty table, each row of it', async () => {
    expect(await check({ owners: [], totals: [] })).toHaveLength(4);
  });

  test('rows of which the reference knows nothing', async () => {
    const differences = await compare(tiny, new Map(), new Map([...expected]));
    expect(differences.map(({ expected: wanted }) => wanted)).toEqual(Array(4).fill(undefined));
  });

  test('keys that only run together the same', async () => {
    const tables = ([user, role]: readonly [string, string]): Tables =>
      new Map([
        ['Owners', []],
        ['Totals', [{ user, role, score: 1 }]],
      ]);
    for (const [left, right] of [
      [
        ['ab', 'c'],
        ['a', 'bc'],
      ],
      [
        ['a|', 'b'],
        ['a', '|b'],
      ],
      [
        ['a"', ',"b'],
        ['a', '","b'],
      ],
      [
        ['', 'a'],
        ['a', ''],
      ],
      [
        ['S1:a', 'b'],
        ['S1:', 'ab'],
      ],
    ] as const) {
      expect(await compare(tiny, tables(left), tables(right))).toHaveLength(2);
    }
  });

  test('key attributes of another type', async () => {
    const tables = (id: unknown): Tables =>
      new Map([
        ['Owners', [{ id } as Row]],
        ['Totals', []],
      ]);
    expect(await compare(tiny, tables('5'), tables(5))).toHaveLength(2);
  });
});

test('differences come in the order of the tables, then of the keys', async () => {
  const differences = await check({
    owners: [{ id: 'z' }, { id: 'p10' }, { id: 'é' }],
    totals: [...TOTALS].reverse().map((row) => ({ ...row, score: 7 })),
  });
  expect(differences.map(({ table, key }) => [table, ...key].join(' '))).toEqual([
    'Owners p1',
    'Owners p10',
    'Owners p2',
    'Owners z',
    'Owners é',
    'Totals a maker',
    'Totals b maker',
  ]);
});

describe('the checker gives no verdict on', () => {
  test('a table that was not read, even if it should be empty', async () => {
    await expect(compare(tiny, new Map(), new Map([['Owners', []]]))).rejects.toThrow(
      /Totals was not/,
    );
  });
  test('a table that the workload does not have', async () => {
    const stored = new Map([...expected, ['Typo', []]]);
    await expect(compare(tiny, expected, stored as Tables)).rejects.toThrow(/no table Typo/);
  });
  test.each([
    ['an expected row', [...OWNERS, { id: 'p3' }, { id: 'p3' }]],
    ['a known row', [...OWNERS, OWNERS[0] as Row]],
  ])('%s read twice', async (_name, owners) => {
    await expect(check({ owners })).rejects.toThrow(/twice/);
  });
  test('a row that equals none read twice', async () => {
    const zero = { user: 'z', role: 'maker', score: 0 };
    await expect(check({ totals: [...TOTALS, zero, zero] })).rejects.toThrow(/twice/);
  });
  test('a reference with a key twice', async () => {
    const twice: Tables = new Map([['Owners', [...OWNERS, ...OWNERS]]]);
    await expect(compare(tiny, twice, expected)).rejects.toThrow(/reference/);
  });
  test('a row without its key', async () => {
    await expect(check({ owners: [{ owner: 'a' }] })).rejects.toThrow(/no key attribute id/);
  });
});

describe('equality, by property', () => {
  const attribute = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.string(),
      fc.double({ noNaN: true }),
      fc.boolean(),
      fc.constant(null),
      fc.uint8Array({ maxLength: 4 }),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.string(), tie('value'), { maxKeys: 3 }),
    ),
  })).value;

  /** The same content built anew, with the attributes the other way round. */
  function rebuilt(value: unknown): unknown {
    if (value instanceof Uint8Array) return Buffer.from(value);
    if (Array.isArray(value)) return value.map(rebuilt);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([name, inner]) => [name, rebuilt(inner)]),
    );
  }

  test('a value equals what is built of the same content', () => {
    fc.assert(fc.property(attribute, (value) => sameValue(value, rebuilt(value))));
  });

  test('is as strict as the text of two values', () => {
    const sorted = (_name: string, value: unknown): unknown =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.entries(value)
            .sort(([left], [right]) => (left < right ? -1 : 1))
            .concat([['{}', 0]])
        : value;
    const small = fc.oneof(
      fc.constantFrom('1', 1, true, null, 'a'),
      fc.array(fc.constantFrom(1, '1')),
    );
    const row = fc.dictionary(fc.constantFrom('a', 'b', '__proto__', 'constructor'), small);
    fc.assert(
      fc.property(row, row, (left, right) => {
        expect(sameValue(left, right)).toBe(
          JSON.stringify(left, sorted) === JSON.stringify(right, sorted),
        );
      }),
    );
  });

  test('names the attributes that differ', () => {
    expect(differingAttributes({ a: 1, b: [1], c: 'x' }, { b: [1], a: '1', d: 0 })).toEqual([
      'a',
      'c',
      'd',
    ]);
    expect(sameValue(new Set(['a', 'b']), new Set(['b', 'a']))).toBe(true);
    expect(sameValue(new Set(['a']), new Set(['b']))).toBe(false);
    expect(sameValue(new Set([new Uint8Array([1])]), new Set([new Uint8Array([2])]))).toBe(false);
  });
});
