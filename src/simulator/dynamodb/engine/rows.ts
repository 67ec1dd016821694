/** The rows of a table. */
import { add, ordered, read, remove } from './ordered.ts';
import { scanOrder } from './scan-order.ts';
import { keyTextAt, type Row, type Table } from './table.ts';
import type { Item } from './value.ts';

/** The row with these key attributes; other attributes of `key` are ignored. */
export function readRow(table: Table, key: Item): Row | undefined {
  const { hash, range } = table.schema;
  return readRowByText(table, keyTextAt(key, hash.name), range && keyTextAt(key, range.name));
}

/** The row with these keys, as texts; `range` is ignored by a table without sort key. */
export function readRowByText(
  table: Table,
  hash: string,
  range: string | undefined,
): Row | undefined {
  if (!table.schema.range) return table.rows.get(hash);
  return table.partitions.get(hash)?.rows.get(range ?? '');
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

/** All rows, in the order of a scan. */
export function allRows(table: Table): readonly Row[] {
  table.scanOrder ??= ordered<Row>(scanOrder(table, table.compare), rowsOf(table));
  return read(table.scanOrder);
}

/** All rows, in the order in which they were first written. */
export function* rowsOf(table: Table): Iterable<Row> {
  yield* table.rows.values();
  for (const partition of table.partitions.values()) yield* partition.rows.values();
}

export function insertRow(table: Table, row: Row, key: Item): void {
  const { hash, range } = table.schema;
  const hashText = keyTextAt(key, hash.name);
  if (range) {
    let partition = table.partitions.get(hashText);
    if (!partition) {
      partition = { rows: new Map(), order: undefined };
      table.partitions.set(hashText, partition);
    }
    partition.rows.set(keyTextAt(key, range.name), row);
    if (partition.order) add(partition.order, row);
  } else {
    table.rows.set(hashText, row);
  }
  if (table.scanOrder) add(table.scanOrder, row);
}

export function deleteRow(table: Table, row: Row, key: Item): void {
  const { hash, range } = table.schema;
  const hashText = keyTextAt(key, hash.name);
  row.live = false;
  if (range) {
    const partition = table.partitions.get(hashText);
    partition?.rows.delete(keyTextAt(key, range.name));
    if (partition?.order) remove(partition.order, row);
    if (partition?.rows.size === 0) table.partitions.delete(hashText);
  } else {
    table.rows.delete(hashText);
  }
  if (table.scanOrder) remove(table.scanOrder, row);
}
