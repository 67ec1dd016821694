/** The entries of a table's indexes. */
import { writeUnits } from './capacity.ts';
import { equalItems, equalValues } from './compare-values.ts';
import { add, ordered, read, remove } from './ordered.ts';
import { scanOrder } from './scan-order.ts';
import { type IndexSchema, indexed } from './schema.ts';
import { type IndexState, keyTextAt, type Row, type Stored, type Table } from './table.ts';
import type { Item } from './value.ts';
import { itemSize } from './value-size.ts';

/** All entries of an index with a partition key, in the order of their sort keys. */
export function partitionEntries(index: IndexState, hashText: string): readonly Stored[] {
  const partition = index.partitions.get(hashText);
  return partition ? read(partition) : [];
}

/** All entries of an index, in the order of a scan. */
export function allEntries(table: Table, index: IndexState): readonly Stored[] {
  const entries = [...index.partitions.values()].flatMap((partition) => [...read(partition)]);
  return entries.sort(scanOrder(table, index.compare, index.schema));
}

/**
 * Brings the entries of a row up to date; returns the write units of each index, undefined where
 * nothing changed. Undefined if the table has no indexes.
 */
export function storeEntries(
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
      const partition = index.partitions.get(keyTextAt(old.item, index.schema.hash.name));
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

/** Overwrites an entry: charged by the larger one, or not at all if nothing changes. */
function replaceEntry(old: Stored, projected: Item): number | undefined {
  if (equalItems(old.item, projected)) return undefined;
  const size = itemSize(projected);
  const units = writeUnits(Math.max(size, old.size));
  old.item = projected;
  old.size = size;
  return units;
}

function addEntry(index: IndexState, entry: Stored): void {
  const hashText = keyTextAt(entry.item, index.schema.hash.name);
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
