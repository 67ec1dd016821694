/** GetItem, BatchGetItem, TransactGetItems. */
import {
  type CapacityMode,
  type Charge,
  consumed,
  readUnits,
  TRANSACTION_FACTOR,
  wantsCapacity,
} from '../capacity.ts';
import { isValidation, transactionCancelled, validation } from '../errors.ts';
import { type ExpressionInput, expressions } from '../expression/expressions.ts';
import { projection } from '../expression/projection.ts';
import { checkKeyOnly } from '../schema.ts';
import {
  type EventualRead,
  refuse,
  report,
  type State,
  type TableInput,
  tableOf,
} from '../state.ts';
import { findRow, slotOf, type Table } from '../table.ts';
import type { Item } from '../value.ts';
import { type Version, versionAt } from '../versions.ts';
import { itemFromWire, itemToWire, put, type WireItem } from '../wire.ts';

export interface GetInput extends ExpressionInput, TableInput {
  readonly Key?: WireItem | undefined;
  readonly ConsistentRead?: boolean | undefined;
}

export interface GetOutput {
  Item?: WireItem;
  ConsumedCapacity?: object;
}

/** @throws ValidationException, ResourceNotFoundException */
export function getItem(state: State, input: GetInput): GetOutput {
  refuse(input, ['AttributesToGet']);
  const key = keyFromWire(input.Key);
  const bound = expressions(input, []);
  const table = tableOf(state, input.TableName);
  checkKeyOnly(table.schema, key);
  const consistent = input.ConsistentRead === true;
  const found = lookUp(state, 'GetItem', table, key, consistent);
  const output: GetOutput = {};
  if (found) {
    const project = bound.projection && projection(bound.projection, bound.bindings);
    output.Item = itemToWire(project ? project(found.item) : found.item);
  }
  const charge: Charge = {
    schema: table.schema,
    tableUnits: readUnits(found?.size ?? 0, consistent),
    indexUnits: undefined,
  };
  report(state, 'GetItem', charge, 'read');
  const mode = input.ReturnConsumedCapacity as CapacityMode;
  if (wantsCapacity(mode)) output.ConsumedCapacity = consumed(mode, charge);
  return output;
}

export interface KeysInput extends ExpressionInput {
  readonly Keys?: readonly WireItem[] | undefined;
  readonly ConsistentRead?: boolean | undefined;
}

export interface BatchGetInput extends TableInput {
  readonly RequestItems?: Readonly<Record<string, KeysInput>> | undefined;
}

export interface BatchGetOutput {
  Responses: Record<string, WireItem[]>;
  UnprocessedKeys: Record<string, KeysInput>;
  ConsumedCapacity?: object[];
}

/** @throws ValidationException, ResourceNotFoundException */
export function batchGetItem(state: State, input: BatchGetInput): BatchGetOutput {
  const requests = Object.entries(input.RequestItems ?? {});
  checkBatch(requests, state.limits.batchGetKeysMax);
  const mode = input.ReturnConsumedCapacity as CapacityMode;
  const output: BatchGetOutput = { Responses: {}, UnprocessedKeys: {} };
  const plans = requests.map(([name, request]) => {
    refuse(request, ['AttributesToGet']);
    const keys = (request.Keys ?? []).map(keyFromWire);
    const bound = expressions(request, []);
    const table = tableOf(state, name);
    const slots = new Set<string>();
    for (const key of keys) {
      checkKeyOnly(table.schema, key);
      slots.add(slotOf(table.schema, key));
    }
    if (slots.size < keys.length) {
      throw validation('Provided list of item keys contains duplicates');
    }
    return { name, request, keys, bound, table };
  });
  let bytes = 0;
  let isFull = false;
  for (const { name, request, keys, bound, table } of plans) {
    const consistent = request.ConsistentRead === true;
    const project = bound.projection && projection(bound.projection, bound.bindings);
    const items: WireItem[] = [];
    const left: WireItem[] = [];
    const charge: Charge = { schema: table.schema, tableUnits: 0, indexUnits: undefined };
    keys.forEach((key, position) => {
      const found = isFull ? undefined : lookUp(state, 'BatchGetItem', table, key, consistent);
      isFull ||= bytes + (found?.size ?? 0) > state.limits.batchGetBytesMax;
      if (isFull) {
        left.push(structuredClone(request.Keys?.[position] as WireItem));
        return;
      }
      bytes += found?.size ?? 0;
      charge.tableUnits += readUnits(found?.size ?? 0, consistent);
      if (found) items.push(itemToWire(project ? project(found.item) : found.item));
    });
    put(output.Responses, name, items);
    if (left.length > 0) put(output.UnprocessedKeys, name, { ...request, Keys: left });
    report(state, 'BatchGetItem', charge, 'read');
    if (wantsCapacity(mode)) {
      output.ConsumedCapacity ??= [];
      output.ConsumedCapacity.push(consumed(mode, charge));
    }
  }
  return output;
}

export interface TransactGetInput extends TableInput {
  readonly TransactItems?: readonly { readonly Get?: GetInput | undefined }[] | undefined;
}

export interface TransactGetOutput {
  Responses: { Item?: WireItem }[];
  ConsumedCapacity?: object[];
}

/** @throws ValidationException, ResourceNotFoundException, TransactionCanceledException */
export function transactGetItems(state: State, input: TransactGetInput): TransactGetOutput {
  const gets = (input.TransactItems ?? []).map(({ Get }) => Get ?? {});
  checkActions(gets.length, state.limits.transactionActionsMax);
  const keys = gets.map((get) => keyFromWire(get.Key));
  const tables = gets.map((get) => tableOf(state, get.TableName));
  const slots = new Set<string>();
  const problems: (Error | undefined)[] = [];
  const bounds = gets.map((get) => expressions(get, []));
  gets.forEach((_, position) => {
    const table = tables[position] as Table;
    const key = keys[position] as Item;
    try {
      checkKeyOnly(table.schema, key);
      slots.add(`${table.schema.name}/${slotOf(table.schema, key)}`);
    } catch (error) {
      if (!isValidation(error)) throw error;
      problems[position] = error;
      slots.add(`#${position}`);
    }
  });
  if (slots.size < gets.length) throw sameItem();
  if (problems.length > 0) {
    throw transactionCancelled(
      gets.map((_, position) => {
        const problem = problems[position];
        return problem ? { Code: 'ValidationError', Message: problem.message } : { Code: 'None' };
      }),
    );
  }
  const charges = new Map<Table, Charge>();
  const responses = gets.map((_, position) => {
    const table = tables[position] as Table;
    const row = findRow(table, keys[position] as Item);
    let charge = charges.get(table);
    if (!charge) {
      charge = { schema: table.schema, tableUnits: 0, indexUnits: undefined };
      charges.set(table, charge);
    }
    charge.tableUnits += TRANSACTION_FACTOR * readUnits(row?.size ?? 0, true);
    if (!row) return {};
    const bound = bounds[position];
    const project = bound?.projection && projection(bound.projection, bound.bindings);
    const item = itemToWire(project ? project(row.item) : row.item);
    return Object.keys(item).length > 0 ? { Item: item } : {};
  });
  const output: TransactGetOutput = { Responses: responses };
  const mode = input.ReturnConsumedCapacity as CapacityMode;
  for (const charge of charges.values()) {
    report(state, 'TransactGetItems', charge, 'read');
    if (!wantsCapacity(mode)) continue;
    output.ConsumedCapacity ??= [];
    output.ConsumedCapacity.push(consumed(mode, charge, 'ReadCapacityUnits'));
  }
  return output;
}

export function sameItem(): Error {
  return validation('Transaction request cannot include multiple operations on one item');
}

/** @throws ValidationException unless a transaction has a right number of actions. */
export function checkActions(count: number, countMax: number): void {
  if (count === 0) {
    throw validation(
      "1 validation error detected: Value '[]' at 'transactItems' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
  }
  if (count > countMax) {
    throw validation(
      `1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length less than or equal to ${countMax}`,
    );
  }
}

function keyFromWire(key: WireItem | undefined): Item {
  if (key) return itemFromWire(key);
  throw validation(
    "1 validation error detected: Value null at 'key' failed to satisfy constraint: Member must not be null",
  );
}

function lookUp(
  state: State,
  operation: EventualRead['operation'],
  table: Table,
  key: Item,
  consistent: boolean,
): Version | undefined {
  const row = findRow(table, key);
  if (consistent || !state.staleness || !table.history) return row;
  const tableName = table.schema.name;
  const lagMs = state.staleness({ operation, tableName, indexName: undefined });
  if (lagMs <= 0) return row;
  const asOfMs = state.now() - Math.min(lagMs, state.stalenessMsMax);
  return versionAt(table.history, slotOf(table.schema, key), asOfMs, row);
}

function checkBatch(requests: readonly [string, KeysInput][], keysMax: number): void {
  if (requests.length === 0) {
    throw validation(
      "1 validation error detected: Value at 'RequestItems' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
  }
  let count = 0;
  for (const [name, request] of requests) {
    const own = request.Keys?.length ?? 0;
    count += own;
    if (own === 0) {
      throw validation(
        `1 validation error detected: Value at 'requestItems.${name}.member.keys' failed to satisfy constraint: Member must have length greater than or equal to 1`,
      );
    }
  }
  if (count > keysMax) {
    throw validation(
      `1 validation error detected: Value at 'RequestItems.${requests[0]?.[0]}.member.Keys' failed to satisfy constraint: Member must have length less than or equal to ${keysMax}`,
    );
  }
}
