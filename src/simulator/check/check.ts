/**
 * The checker: compares the stored rows with the reference. Pure, and knows nothing of the domain:
 * the workload says which part of a row is compared.
 */
import type { Difference, Row, TableDefinition, Tables, Workload } from '../model/workload.ts';
import { sameValue } from './equality.ts';

/** The stored rows by table, read one by one, so that a table needn't fit into memory. */
export type StoredTables = ReadonlyMap<string, Iterable<Row> | AsyncIterable<Row>>;

/** The part of a workload that the checker uses. */
export type Comparison = Pick<Workload<never>, 'tables' | 'comparable'>;

/**
 * Every row that differs, is missing or is one too many, in the order of the workload's tables,
 * then by key. Throws where the tables were not read properly: a compared table is missing, a row
 * has no key, a key comes twice.
 */
export async function compare(
  workload: Comparison,
  expected: Tables,
  stored: StoredTables,
): Promise<Difference[]> {
  const known = new Set(workload.tables.map((table) => table.name));
  for (const name of [...expected.keys(), ...stored.keys()]) {
    if (!known.has(name)) throw new Error(`the workload has no table ${name}`);
  }
  const differences: Difference[] = [];
  for (const table of workload.tables) {
    if (!table.compared) continue;
    const rows = stored.get(table.name);
    if (rows === undefined) throw new Error(`table ${table.name} was not read`);
    const found = await compareTable(workload, table, expected.get(table.name) ?? [], rows);
    for (const difference of found.sort(byKey)) differences.push(difference);
  }
  return differences;
}

async function compareTable(
  workload: Comparison,
  table: TableDefinition,
  expected: readonly Row[],
  stored: Iterable<Row> | AsyncIterable<Row>,
): Promise<Difference[]> {
  const differences: Difference[] = [];
  const differ = (row: Row, wanted: Row | undefined, got: Row | undefined): void => {
    const key = table.key.map((name) => String(row[name]));
    differences.push({ table: table.name, key, expected: wanted, actual: got });
  };
  const places = createPlaces(table);
  for (const [place, row] of expected.entries()) {
    if (places.add(row, place) !== place) {
      throw new Error(`the reference has the key ${shownKey(table, row)} twice in ${table.name}`);
    }
  }
  const seen = new Uint8Array(expected.length);
  // Stored rows that the reference doesn't have.
  let strangers = 0;

  for await (const row of stored) {
    const next = expected.length + strangers;
    const place = places.add(row, next);
    const isStranger = place === next;
    if (place >= expected.length ? !isStranger : seen[place] === 1) {
      throw new Error(`table ${table.name} was read with the key ${shownKey(table, row)} twice`);
    }
    const got = workload.comparable(table.name, row);
    if (isStranger) {
      strangers++;
      if (got !== undefined) differ(row, undefined, got);
      continue;
    }
    seen[place] = 1;
    const wanted = workload.comparable(table.name, expected[place] as Row);
    if (!sameValue(wanted, got)) differ(row, wanted, got);
  }

  for (const [place, row] of expected.entries()) {
    if (seen[place] === 1) continue;
    const wanted = workload.comparable(table.name, row);
    if (wanted !== undefined) differ(row, wanted, undefined);
  }
  return differences;
}

type Level = Map<string | symbol, Level | number>;

/**
 * Numbers the keys. Nested maps, because a string for each key of a million rows would take more
 * memory.
 */
function createPlaces(table: TableDefinition) {
  const root: Level = new Map();
  return {
    /** The number of the row's key: `place` if the key is new. */
    add(row: Row, place: number): number {
      const parts = table.key.flatMap((name) => keyParts(table, row, name));
      const last = parts.pop() ?? '';
      let level = root;
      for (const part of parts) {
        const next = level.get(part) ?? new Map();
        level.set(part, next);
        level = next as Level;
      }
      const known = level.get(last);
      if (known !== undefined) return known as number;
      level.set(last, place);
      return place;
    },
  };
}

const NUMBER = Symbol('number');
const BYTES = Symbol('bytes');

/** Identifies the value of a key attribute. Most are strings, which stand for themselves. */
function keyParts(table: TableDefinition, row: Row, name: string): (string | symbol)[] {
  const value = Object.hasOwn(row, name) ? row[name] : undefined;
  if (typeof value === 'string') return [value];
  if (typeof value === 'number' || typeof value === 'bigint') return [NUMBER, String(value)];
  if (value instanceof Uint8Array) return [BYTES, value.join()];
  throw new Error(`a row of ${table.name} has no key attribute ${name}`);
}

function shownKey(table: TableDefinition, row: Row): string {
  return table.key.map((name) => String(row[name])).join(' ');
}

/** By code units, which no locale changes. */
function byKey(left: Difference, right: Difference): number {
  for (const [index, text] of left.key.entries()) {
    const other = right.key[index] ?? '';
    if (text !== other) return text < other ? -1 : 1;
  }
  return 0;
}
