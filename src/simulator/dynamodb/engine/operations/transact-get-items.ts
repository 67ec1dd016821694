/** TransactGetItems. */
import {
  type CapacityMode,
  type Charge,
  chargeOf,
  consumed,
  readUnits,
  TRANSACTION_FACTOR,
  wantsCapacity,
} from '../capacity.ts';
import { reportConsumption } from '../consumption.ts';
import { isValidation, transactionCancelled } from '../errors.ts';
import { type Expressions, expressions } from '../expression/expressions.ts';
import { projection } from '../expression/projection.ts';
import { checkKeyOnly } from '../key-checks.ts';
import { readRow } from '../rows.ts';
import type { TableSchema } from '../schema.ts';
import { type State, type TableInput, tableOf } from '../state.ts';
import { slotOf, type Table } from '../table.ts';
import type { Item } from '../value.ts';
import { itemToWire } from '../wire.ts';
import type { WireItem } from '../wire-value.ts';
import type { GetInput } from './get-item.ts';
import { keyFromWire } from './read-item.ts';
import { checkActionCount, sameItem } from './transaction-checks.ts';

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
  checkActionCount(gets.length, state.limits.transactionActionsMax);
  const keys = gets.map((get) => keyFromWire(get.Key));
  const tables = gets.map((get) => tableOf(state, get.TableName));
  const bounds = gets.map((get) => expressions(get, []));
  const reads = gets.map(
    (_, position): Read => ({
      table: tables[position] as Table,
      key: keys[position] as Item,
      bound: bounds[position] as Expressions,
    }),
  );
  checkKeys(reads);
  const charges = new Map<TableSchema, Charge>();
  const responses = reads.map(({ table, key, bound }) => {
    const row = readRow(table, key);
    const units = TRANSACTION_FACTOR * readUnits(row?.size ?? 0, true);
    chargeOf(charges, table.schema).tableUnits += units;
    if (!row) return {};
    const project = bound.projection && projection(bound.projection, bound.bindings);
    const item = itemToWire(project ? project(row.item) : row.item);
    return Object.keys(item).length > 0 ? { Item: item } : {};
  });
  const output: TransactGetOutput = { Responses: responses };
  const mode = input.ReturnConsumedCapacity as CapacityMode;
  for (const charge of charges.values()) {
    reportConsumption(state, 'TransactGetItems', charge, 'read');
    if (!wantsCapacity(mode)) continue;
    output.ConsumedCapacity ??= [];
    output.ConsumedCapacity.push(consumed(mode, charge, 'ReadCapacityUnits'));
  }
  return output;
}

interface Read {
  readonly table: Table;
  readonly key: Item;
  readonly bound: Expressions;
}

/** @throws ValidationException (repeated item), TransactionCanceledException (invalid key) */
function checkKeys(reads: readonly Read[]): void {
  const slots = new Set<string>();
  const problems: (Error | undefined)[] = [];
  reads.forEach(({ table, key }, position) => {
    try {
      checkKeyOnly(table.schema, key);
      slots.add(`${table.schema.name}/${slotOf(table.schema, key)}`);
    } catch (error) {
      if (!isValidation(error)) throw error;
      problems[position] = error;
      slots.add(`#${position}`);
    }
  });
  if (slots.size < reads.length) throw sameItem();
  if (problems.length === 0) return;
  throw transactionCancelled(
    reads.map((_, position) => {
      const problem = problems[position];
      return problem ? { Code: 'ValidationError', Message: problem.message } : { Code: 'None' };
    }),
  );
}
