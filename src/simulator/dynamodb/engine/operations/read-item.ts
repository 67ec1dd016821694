/** Reads one item by its key. */
import { validation } from '../errors.ts';
import { readRow } from '../rows.ts';
import { type EventualRead, type State, staleAsOfMs } from '../state.ts';
import { slotOf, type Table } from '../table.ts';
import type { Item } from '../value.ts';
import { type Version, versionAt } from '../versions.ts';
import { itemFromWire } from '../wire.ts';
import type { WireItem } from '../wire-value.ts';

export function readItem(
  state: State,
  operation: EventualRead['operation'],
  table: Table,
  key: Item,
  consistent: boolean,
): Version | undefined {
  const row = readRow(table, key);
  if (consistent || !table.history) return row;
  const tableName = table.schema.name;
  const asOfMs = staleAsOfMs(state, { operation, tableName, indexName: undefined });
  if (asOfMs === undefined) return row;
  return versionAt(table.history, slotOf(table.schema, key), asOfMs, row);
}

/** @throws ValidationException */
export function keyFromWire(key: WireItem | undefined): Item {
  if (key) return itemFromWire(key);
  throw validation(
    "1 validation error detected: Value null at 'key' failed to satisfy constraint: Member must not be null",
  );
}
