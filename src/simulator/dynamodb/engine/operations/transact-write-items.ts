/** TransactWriteItems: all actions or none, once for each token. */
import type { CancellationReason } from '@aws-sdk/client-dynamodb';
import {
  addIndexUnits,
  type CapacityMode,
  type Charge,
  chargeOf,
  consumed,
  readUnits,
  TRANSACTION_FACTOR,
  wantsCapacity,
  writeUnits,
} from '../capacity.ts';
import { reportConsumption } from '../consumption.ts';
import { isValidation, tokenMismatch, transactionCancelled, validation } from '../errors.ts';
import type { Expressions } from '../expression/expressions.ts';
import { readRow } from '../rows.ts';
import type { TableSchema } from '../schema.ts';
import { type State, type TableInput, tableOf } from '../state.ts';
import { slotOf, type Table } from '../table.ts';
import { itemSize } from '../value-size.ts';
import type { WireItem } from '../wire-value.ts';
import { checkActionCount, sameItem } from './transaction-checks.ts';
import { completedTransaction, fingerprintOf } from './transaction-token.ts';
import {
  applyWrite,
  checkWrite,
  type PlannedWrite,
  type PreparedWrite,
  planWrite,
  prepareWrite,
  refusedUnits,
  type WriteInput,
  type WriteKind,
  writeExpressions,
} from './write-plan.ts';

export type TransactAction = { readonly [kind in WriteKind]?: WriteInput | undefined };

export interface TransactWriteInput extends TableInput {
  readonly TransactItems?: readonly TransactAction[] | undefined;
  readonly ClientRequestToken?: string | undefined;
}

export interface TransactWriteOutput {
  ConsumedCapacity?: object[];
}

/**
 * @throws ValidationException, ResourceNotFoundException, IdempotentParameterMismatchException,
 *   TransactionCanceledException with a reason for each action
 */
export function transactWriteItems(state: State, input: TransactWriteInput): TransactWriteOutput {
  const items = input.TransactItems ?? [];
  checkActionCount(items.length, state.limits.transactionActionsMax);
  const actions = items.map((action) => prepare(state, action));
  const token = input.ClientRequestToken;
  const fingerprint = token === undefined ? '' : fingerprintOf(items);
  const earlier = token === undefined ? undefined : completedTransaction(state, token);
  if (earlier) {
    if (earlier.fingerprint !== fingerprint) throw tokenMismatch();
    return replayed(state, input, actions);
  }
  checkItems(actions, state);
  const plans = planAll(state, actions);
  const charges = new Map<TableSchema, Charge>();
  for (const plan of plans) {
    const charge = chargeOf(charges, plan.table.schema);
    charge.tableUnits += TRANSACTION_FACTOR * writeUnits(plan.bytes);
    addIndexUnits(charge, applyWrite(plan, state));
  }
  if (token !== undefined) {
    state.tokens.set(token, { fingerprint, completedMs: state.now() });
  }
  return outputOf(state, input, charges, 'WriteCapacityUnits');
}

interface Action {
  readonly table: Table;
  readonly prepared: PreparedWrite;
  readonly bound: Expressions;
}

const KINDS: readonly WriteKind[] = ['Put', 'Update', 'Delete', 'ConditionCheck'];

function prepare(state: State, action: TransactAction): Action {
  const kinds = KINDS.filter((kind) => action[kind] !== undefined);
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1) {
    throw validation(
      kind === undefined
        ? 'Invalid Request: TransactWriteRequest should contain Delete or Put or Update request'
        : 'TransactItems can only contain one of Check, Put, Update or Delete',
    );
  }
  const input = action[kind] as WriteInput;
  const required = REQUIRED[kind];
  if (required && input[required] === undefined) {
    throw validation(
      `1 validation error detected: Value null at 'transactItems.1.member.${kind}.${required}' failed to satisfy constraint: Member must not be null`,
    );
  }
  const prepared = prepareWrite(kind, input);
  const bound = writeExpressions(prepared);
  return { prepared, bound, table: tableOf(state, input.TableName) };
}

const REQUIRED: Readonly<
  Record<WriteKind, 'UpdateExpression' | 'ConditionExpression' | undefined>
> = {
  Put: undefined,
  Update: 'UpdateExpression',
  Delete: undefined,
  ConditionCheck: 'ConditionExpression',
};

/** Checks that concern all actions together. @throws ValidationException */
function checkItems(actions: readonly Action[], state: State): void {
  const slots = new Set<string>();
  let bytes = 0;
  for (const { table, prepared } of actions) {
    slots.add(`${table.schema.name}/${slotOf(table.schema, prepared.item)}`);
    bytes += itemSize(prepared.item);
  }
  if (slots.size < actions.length) throw sameItem();
  if (bytes > state.limits.transactionBytesMax) {
    throw validation(
      'Collection size of items exceeded, which can also be caused by the aggregate size of the items in the transaction exceeding the 4MB limit',
    );
  }
}

/** @throws TransactionCanceledException if any action fails. */
function planAll(state: State, actions: readonly Action[]): PlannedWrite[] {
  const plans: PlannedWrite[] = [];
  let reasons: CancellationReason[] | undefined;
  actions.forEach(({ prepared, table, bound }, position) => {
    try {
      checkWrite(prepared, table, state);
      plans.push(planWrite(prepared, table, bound, state));
    } catch (error) {
      const reason = reasonOf(error);
      reasons ??= actions.map(() => ({ Code: 'None' }));
      reasons[position] = reason;
    }
  });
  if (!reasons) return plans;
  reportRefused(state, actions);
  throw transactionCancelled(reasons);
}

/** The cancellation reason for an error; throws errors that concern the whole request. */
function reasonOf(error: unknown): CancellationReason {
  if (!(error instanceof Error)) throw error;
  if (error.name === 'ConditionalCheckFailedException') {
    const { Item: item } = error as { Item?: WireItem };
    return {
      Code: 'ConditionalCheckFailed',
      Message: error.message,
      ...(item ? { Item: item as Record<string, never> } : {}),
    };
  }
  if (!isValidation(error) || error.message.includes('for a key attribute cannot contain')) {
    throw error;
  }
  return { Code: 'ValidationError', Message: error.message };
}

/** All actions are charged, also those whose own condition held. */
function reportRefused(state: State, actions: readonly Action[]): void {
  if (!state.onConsumed) return;
  const charges = new Map<TableSchema, Charge>();
  for (const { prepared, table } of actions) {
    const units = TRANSACTION_FACTOR * refusedUnits(prepared, table);
    chargeOf(charges, table.schema).tableUnits += units;
  }
  for (const charge of charges.values()) {
    reportConsumption(state, 'TransactWriteItems', charge, 'write', true);
  }
}

function outputOf(
  state: State,
  input: TransactWriteInput,
  charges: ReadonlyMap<TableSchema, Charge>,
  kind: 'ReadCapacityUnits' | 'WriteCapacityUnits',
): TransactWriteOutput {
  const output: TransactWriteOutput = {};
  const mode = input.ReturnConsumedCapacity as CapacityMode;
  for (const charge of charges.values()) {
    reportConsumption(
      state,
      'TransactWriteItems',
      charge,
      kind === 'ReadCapacityUnits' ? 'read' : 'write',
    );
    if (!wantsCapacity(mode)) continue;
    output.ConsumedCapacity ??= [];
    output.ConsumedCapacity.push(consumed(mode, charge, kind));
  }
  return output;
}

/** A repeated token writes nothing, and is charged for reading the items. */
function replayed(
  state: State,
  input: TransactWriteInput,
  actions: readonly Action[],
): TransactWriteOutput {
  const charges = new Map<TableSchema, Charge>();
  for (const { prepared, table } of actions) {
    const units = TRANSACTION_FACTOR * readUnits(readRow(table, prepared.item)?.size ?? 0, true);
    chargeOf(charges, table.schema).tableUnits += units;
  }
  return outputOf(state, input, charges, 'ReadCapacityUnits');
}
