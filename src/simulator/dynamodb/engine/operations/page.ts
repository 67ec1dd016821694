/** The page of a Query or Scan, before it is filtered. */
import { type KeyCondition, placeInRange } from '../expression/key-condition.ts';
import { allEntries, partitionEntries } from '../index-entries.ts';
import { firstAtOrAfter } from '../ordered.ts';
import { allRows, partitionRows } from '../rows.ts';
import { scanOrder } from '../scan-order.ts';
import { keyText } from '../schema.ts';
import { type State, staleAsOfMs } from '../state.ts';
import type { IndexState, Order, Stored, Table } from '../table.ts';
import type { Item, Value } from '../value.ts';
import type { Operation, PageInput } from './page-input.ts';
import { pastElements } from './past-elements.ts';

export interface Page {
  readonly scanned: readonly Stored[];
  readonly bytes: number;
  /** The page ended at a limit, before the last element. */
  readonly stopped: boolean;
}

export function readPage(
  state: State,
  operation: Operation,
  input: PageInput,
  table: Table,
  index: IndexState | undefined,
  key: KeyCondition | undefined,
  start: Item | undefined,
): Page {
  const within = index?.compare ?? table.compare;
  const order = key ? within : scanOrder(table, within, index?.schema);
  const elements = allElements(state, operation, input, table, index, key, order);
  return cutPage(state, input, elements, key, start, order);
}

/** Everything that the request could read, in order: a partition for a query, all for a scan. */
function allElements(
  state: State,
  operation: Operation,
  input: PageInput,
  table: Table,
  index: IndexState | undefined,
  key: KeyCondition | undefined,
  order: Order,
): readonly Stored[] {
  const hashText = key && keyText(key.hash);
  const now = currentElements(table, index, hashText);
  if (input.ConsistentRead || !table.history) return now;
  const [tableName, indexName] = [table.schema.name, index?.schema.name];
  const asOfMs = staleAsOfMs(state, { operation, tableName, indexName });
  if (asOfMs === undefined) return now;
  return pastElements(table, index, table.history, asOfMs, now, hashText).sort(order);
}

function currentElements(
  table: Table,
  index: IndexState | undefined,
  hashText: string | undefined,
): readonly Stored[] {
  if (hashText === undefined) return index ? allEntries(table, index) : allRows(table);
  return index ? partitionEntries(index, hashText) : partitionRows(table, hashText);
}

function cutPage(
  state: State,
  input: PageInput,
  list: readonly Stored[],
  key: KeyCondition | undefined,
  start: Item | undefined,
  order: Order,
): Page {
  const forward = input.ScanIndexForward !== false;
  const place = key && sortPlace(key);
  let from = place ? firstAtOrAfter(list, place) : 0;
  let to = place ? firstAtOrAfter(list, (element) => (place(element) > 0 ? 1 : -1)) : list.length;
  if (start) {
    const pivot: Stored = { item: start, size: 0, live: true };
    const at = firstAtOrAfter(list, (element) => order(element, pivot));
    const next = list[at];
    if (forward) from = Math.max(from, next && order(next, pivot) === 0 ? at + 1 : at);
    else to = Math.min(to, at);
  }
  const scanned: Stored[] = [];
  let bytes = 0;
  const limit = input.Limit ?? Number.POSITIVE_INFINITY;
  for (let position = 0; position < to - from; position++) {
    const element = list[forward ? from + position : to - 1 - position] as Stored;
    if (bytes + element.size > state.limits.pageBytesMax && scanned.length > 0) {
      return { scanned, bytes, stopped: true };
    }
    scanned.push(element);
    bytes += element.size;
    if (scanned.length >= limit) return { scanned, bytes, stopped: true };
  }
  return { scanned, bytes, stopped: false };
}

/** Where an element lies relative to the range of sort keys; undefined: there is no range. */
function sortPlace({ range, rangeName }: KeyCondition): ((element: Stored) => number) | undefined {
  if (rangeName === undefined) return undefined;
  return (element) => placeInRange(range, element.item[rangeName] as Value);
}
