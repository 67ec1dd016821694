/**
 * The checker: from what the tables must say and what they do say to the differences between them.
 * Pure: it computes nothing of the domain itself, and asks the workload only which part of a row counts.
 */
import type { Difference, Row, TableDefinition, Tables, Workload } from '../workload/workload.ts';
import { sameValue } from './equality.ts';

/** The rows that are stored, by table; taken one by one, so that a table needn't fit into memory. */
export type StoredTables = ReadonlyMap<string, Iterable<Row> | AsyncIterable<Row>>;

/** What the checker needs to know of a workload. */
export type Comparison = Pick<Workload<never>, 'tables' | 'comparable'>;

/**
 * Every row that isn't as expected: another one, missing, or one too many. In the order of the
 * workload's tables, then by key. Throws where no verdict can be given, because whoever read the
 * tables made a mistake: a compared table that was not read, a row without its key, a key twice.
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
  const places = placesByKey(table, expected);
  const seen = new Uint8Array(expected.length);
  // Keys of stored rows that the reference doesn't have; few, unless the view is very wrong.
  const strangers = new Set<string>();

  for await (const row of stored) {
    const key = joinKey(table, row);
    const place = places.get(key);
    if (strangers.has(key) || (place !== undefined && seen[place] === 1)) {
      throw new Error(`table ${table.name} was read with the key ${key} twice`);
    }
    const got = workload.comparable(table.name, row);
    if (place === undefined) {
      strangers.add(key);
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

function placesByKey(table: TableDefinition, rows: readonly Row[]): Map<string, number> {
  const places = new Map<string, number>();
  for (const [place, row] of rows.entries()) {
    const key = joinKey(table, row);
    if (places.has(key)) throw new Error(`the reference has the key ${key} twice in ${table.name}`);
    places.set(key, place);
  }
  return places;
}

/** One text for a key. Each value has its type and length before it, so that no two keys share one. */
function joinKey(table: TableDefinition, row: Row): string {
  let joined = '';
  for (const name of table.key) {
    const value = Object.hasOwn(row, name) ? row[name] : undefined;
    const [type, text] =
      typeof value === 'string'
        ? ['S', value]
        : typeof value === 'number' || typeof value === 'bigint'
          ? ['N', String(value)]
          : value instanceof Uint8Array
            ? ['B', value.join()]
            : [undefined, ''];
    if (type === undefined) throw new Error(`a row of ${table.name} has no key attribute ${name}`);
    joined += `${type}${text.length}:${text}`;
  }
  return joined;
}

/** By code units: the same on every machine, whatever its locale. */
function byKey(left: Difference, right: Difference): number {
  for (const [index, text] of left.key.entries()) {
    const other = right.key[index] ?? '';
    if (text !== other) return text < other ? -1 : 1;
  }
  return 0;
}
