import { storeEntries } from './index-entries.ts';
import { deleteRow, insertRow } from './rows.ts';
import { shareValues } from './share-values.ts';
import { type Row, slotOf, type Table } from './table.ts';
import type { Item } from './value.ts';
import { recordChange } from './versions.ts';

/** Replaces or deletes the item of `row`; returns the write units as `storeEntries` does. */
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
  const compact = shareValues(item, table.schema.range?.name);
  const fresh: Row = { item: compact, size, live: true, entries: undefined };
  insertRow(table, fresh, key);
  return storeEntries(table, fresh, compact);
}
