/** A table in memory. Items are immutable; rows and index entries refer to the latest ones. */
import { compareScalars } from './compare-values.ts';
import type { Ordered } from './ordered.ts';
import { type IndexSchema, keyText, type TableSchema } from './schema.ts';
import type { Item } from './value.ts';
import type { History } from './versions.ts';

/** A row or an index entry, as a read sees it. */
export interface Stored {
  item: Item;
  /** Bytes. */
  size: number;
  live: boolean;
}

export interface Row extends Stored {
  /** Its entries, in the order of the table's indexes; undefined if it has none. */
  entries: (Stored | undefined)[] | undefined;
}

export interface Partition {
  readonly rows: Map<string, Row>;
  /** Made by the first query. */
  order: Ordered<Row> | undefined;
}

export type Order = (left: Stored, right: Stored) => number;

export interface IndexState {
  readonly schema: IndexSchema;
  readonly compare: Order;
  readonly partitions: Map<string, Ordered<Stored>>;
}

export interface Table {
  readonly schema: TableSchema;
  /** The rows of a table without sort key. */
  readonly rows: Map<string, Row>;
  /** The rows of a table with sort key, by partition key. */
  readonly partitions: Map<string, Partition>;
  readonly indexes: readonly IndexState[];
  readonly compare: Order;
  /** Made by the first scan. */
  scanOrder: Ordered<Row> | undefined;
  /** Digests of partition keys, for the order of scans. */
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

/** A string that identifies an item within its table. */
export function slotOf(schema: TableSchema, key: Item): string {
  const hash = keyTextAt(key, schema.hash.name);
  return schema.range ? `${hash.length}:${hash}${keyTextAt(key, schema.range.name)}` : hash;
}

export function keyTextAt(item: Item, name: string): string {
  const value = item[name];
  return value ? keyText(value) : '';
}

function rowOrder({ range }: TableSchema): Order {
  if (!range) return () => 0;
  const { name } = range;
  return (left, right) => compareAt(name, left.item, right.item);
}

/** Entries with equal sort keys are in the order of their rows' keys. */
function entryOrder(table: TableSchema, index: IndexSchema): Order {
  const names = [index.range?.name, table.hash.name, table.range?.name].filter(
    (name) => name !== undefined,
  );
  return (left, right) => {
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
