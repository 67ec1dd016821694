/** One table's rows and index entries. Items are immutable; rows and entries point at the newest. */
import { createHash } from 'node:crypto';
import { writeUnits } from './capacity.ts';
import { add, type Ordered, ordered, read, remove } from './ordered.ts';
import { type IndexSchema, indexed, keyText, type TableSchema } from './schema.ts';
import {
  compareScalars,
  compareUtf8,
  equalItems,
  equalValues,
  type Item,
  itemSize,
  shareValues,
} from './value.ts';
import { type History, recordChange } from './versions.ts';

/** What a read sees of a row or an index entry; `size` is in bytes. */
export interface Stored {
  item: Item;
  size: number;
  live: boolean;
}

export interface Row extends Stored {
  /** Its entries, in the order of the table's indexes; undefined where it is in none. */
  entries: (Stored | undefined)[] | undefined;
}

interface Partition {
  readonly rows: Map<string, Row>;
  /** Made when somebody queries. */
  order: Ordered<Row> | undefined;
}

export interface IndexState {
  readonly schema: IndexSchema;
  readonly compare: (left: Stored, right: Stored) => number;
  readonly partitions: Map<string, Ordered<Stored>>;
}

export interface Table {
  readonly schema: TableSchema;
  /** The rows of a table without sort key. */
  readonly rows: Map<string, Row>;
  /** The rows of a table with sort key, by partition key. */
  readonly partitions: Map<string, Partition>;
  readonly indexes: readonly IndexState[];
  readonly compare: (left: Stored, right: Stored) => number;
  /** In the order of a scan; made when somebody scans. */
  scanOrder: Ordered<Row> | undefined;
  readonly digests: Map<string, string>;
  readonly history: History | undefined;
}

export function createTable(schema: TableSchema, history: History | undefined): Table {
  return {
    schema,
    rows: new Map(),
    partitions: new Map(),
    indexes: schema.indexes.map((index) => ({
      schema: index,
      compare: entryOrder(schema, index),
      partitions: new Map(),
    })),
    compare: rowOrder(schema),
    scanOrder: undefined,
    digests: new Map(),
    history,
  };
}

/** The row with these key attributes (others are not looked at). */
export function findRow(table: Table, key: Item): Row | undefined {
  const { hash, range } = table.schema;
  return findRowByText(table, textOf(key, hash.name), range && textOf(key, range.name));
}

/** The row whose keys have these texts; `range` only where the table has a sort key. */
export function findRowByText(
  table: Table,
  hash: string,
  range: string | undefined,
): Row | undefined {
  if (!table.schema.range) return table.rows.get(hash);
  return table.partitions.get(hash)?.rows.get(range ?? '');
}

/** The text that tells an item of a table from all others. */
export function slotOf(schema: TableSchema, key: Item): string {
  const hash = textOf(key, schema.hash.name);
  return schema.range ? `${hash.length}:${hash}${textOf(key, schema.range.name)}` : hash;
}

/**
 * Stores an item in the place of `row`, or deletes it; returns the write units of each index whose
 * entries changed (undefined where none did), or undefined if the table has no index.
 */
export function store(
  table: Table,
  row: Row | undefined,
  key: Item,
  item: Item | undefined,
  size: number,
  nowMs: number,
): (number | undefined)[] | undefined {
  if (table.history) recordChange(table.history, slotOf(table.schema, key), row, nowMs);
  if (!item) {
    if (!row) return undefined;
    const units = storeEntries(table, row, undefined);
    deleteRow(table, row, key);
    return units;
  }
  if (row) {
    const units = storeEntries(table, row, item);
    row.item = item;
    row.size = size;
    return units;
  }
  const thrifty = shareValues(item, table.schema.range?.name);
  const fresh: Row = { item: thrifty, size, live: true, entries: undefined };
  insertRow(table, fresh, key);
  return storeEntries(table, fresh, thrifty);
}

/** All rows with a partition key, in the order of their sort keys. */
export function partitionRows(table: Table, hashText: string): readonly Row[] {
  if (!table.schema.range) {
    const row = table.rows.get(hashText);
    return row ? [row] : [];
  }
  const partition = table.partitions.get(hashText);
  if (!partition) return [];
  partition.order ??= ordered(table.compare, partition.rows.values());
  return read(partition.order);
}

/** All entries of an index with a partition key, in the order of their sort keys. */
export function partitionEntries(index: IndexState, hashText: string): readonly Stored[] {
  const partition = index.partitions.get(hashText);
  return partition ? read(partition) : [];
}

/** All rows, in the order of a scan. */
export function allRows(table: Table): readonly Row[] {
  table.scanOrder ??= ordered<Row>(scanOrder(table, table.compare), rowsOf(table));
  return read(table.scanOrder);
}

/** All entries of an index, in the order of a scan. */
export function allEntries(table: Table, index: IndexState): readonly Stored[] {
  const entries = [...index.partitions.values()].flatMap((partition) => [...read(partition)]);
  return entries.sort(scanOrder(table, index.compare, index.schema));
}

/** Orders by a digest of the partition key, as DynamoDB spreads its partitions; then by `within`. */
export function scanOrder(
  table: Table,
  within: (left: Stored, right: Stored) => number,
  schema: { readonly hash: { readonly name: string } } = table.schema,
): (left: Stored, right: Stored) => number {
  const { name } = schema.hash;
  return (left, right) => {
    const a = textOf(left.item, name);
    const b = textOf(right.item, name);
    if (a === b) return within(left, right);
    const digestA = digest(table, a);
    const digestB = digest(table, b);
    return digestA < digestB ? -1 : digestA > digestB ? 1 : compareUtf8(a, b);
  };
}

/** All rows, in the order in which they were first written. */
export function* rowsOf(table: Table): Iterable<Row> {
  yield* table.rows.values();
  for (const partition of table.partitions.values()) yield* partition.rows.values();
}

/** The prefix that dynoxide and dynalite order scans by (for strings and bytes). */
function digest(table: Table, hashText: string): string {
  let prefix = table.digests.get(hashText);
  if (prefix === undefined) {
    const encoding = table.schema.hash.type === 'B' ? 'latin1' : 'utf8';
    prefix = createHash('md5')
      .update('Outliers')
      .update(hashText, encoding)
      .digest('hex')
      .slice(0, 6);
    table.digests.set(hashText, prefix);
  }
  return prefix;
}

function rowOrder({ range }: TableSchema): (left: Stored, right: Stored) => number {
  if (!range) return () => 0;
  const { name } = range;
  return (left, right) => compareAt(name, left.item, right.item);
}

/** Entries with equal sort keys are ordered by the keys of their rows. */
function entryOrder(table: TableSchema, index: IndexSchema) {
  const names = [index.range?.name, table.hash.name, table.range?.name].filter(
    (name) => name !== undefined,
  );
  return (left: Stored, right: Stored) => {
    for (const name of names) {
      const order = compareAt(name, left.item, right.item);
      if (order !== 0) return order;
    }
    return 0;
  };
}

function compareAt(name: string, left: Item, right: Item): number {
  const a = left[name];
  const b = right[name];
  return a && b ? compareScalars(a, b) : 0;
}

function textOf(item: Item, name: string): string {
  const value = item[name];
  return value ? keyText(value) : '';
}

function insertRow(table: Table, row: Row, key: Item): void {
  const { hash, range } = table.schema;
  const hashText = textOf(key, hash.name);
  if (range) {
    let partition = table.partitions.get(hashText);
    if (!partition) {
      partition = { rows: new Map(), order: undefined };
      table.partitions.set(hashText, partition);
    }
    partition.rows.set(textOf(key, range.name), row);
    if (partition.order) add(partition.order, row);
  } else {
    table.rows.set(hashText, row);
  }
  if (table.scanOrder) add(table.scanOrder, row);
}

function deleteRow(table: Table, row: Row, key: Item): void {
  const { hash, range } = table.schema;
  const hashText = textOf(key, hash.name);
  row.live = false;
  if (range) {
    const partition = table.partitions.get(hashText);
    partition?.rows.delete(textOf(key, range.name));
    if (partition?.order) remove(partition.order, row);
    if (partition?.rows.size === 0) table.partitions.delete(hashText);
  } else {
    table.rows.delete(hashText);
  }
  if (table.scanOrder) remove(table.scanOrder, row);
}

function storeEntries(
  table: Table,
  row: Row,
  item: Item | undefined,
): (number | undefined)[] | undefined {
  if (table.indexes.length === 0) return undefined;
  const entries = row.entries ?? table.indexes.map(() => undefined);
  row.entries = entries;
  return table.indexes.map((index, position) => {
    const old = entries[position];
    const projected = item && indexed(index.schema, item);
    if (old && projected && sameKey(index.schema, old.item, projected)) {
      return replaceEntry(old, projected);
    }
    let units: number | undefined;
    if (old) {
      const partition = index.partitions.get(textOf(old.item, index.schema.hash.name));
      if (partition) remove(partition, old);
      units = writeUnits(old.size);
    }
    const fresh = projected && { item: projected, size: itemSize(projected), live: true };
    entries[position] = fresh;
    if (fresh) {
      addEntry(index, fresh);
      units = (units ?? 0) + writeUnits(fresh.size);
    }
    return units;
  });
}

/** Overwrites an entry in its place: charged by the larger one, or not at all if nothing changes. */
function replaceEntry(old: Stored, projected: Item): number | undefined {
  if (equalItems(old.item, projected)) return undefined;
  const size = itemSize(projected);
  const units = writeUnits(Math.max(size, old.size));
  old.item = projected;
  old.size = size;
  return units;
}

function addEntry(index: IndexState, entry: Stored): void {
  const hashText = textOf(entry.item, index.schema.hash.name);
  let partition = index.partitions.get(hashText);
  if (!partition) {
    partition = ordered(index.compare);
    index.partitions.set(hashText, partition);
  }
  add(partition, entry);
}

function sameKey({ hash, range }: IndexSchema, left: Item, right: Item): boolean {
  return same(hash.name, left, right) && (!range || same(range.name, left, right));
}

function same(name: string, left: Item, right: Item): boolean {
  const a = left[name];
  const b = right[name];
  return a !== undefined && b !== undefined && equalValues(a, b);
}
