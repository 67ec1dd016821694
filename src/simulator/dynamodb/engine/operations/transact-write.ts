/** TransactWriteItems: all of its actions or none, once for each token. */
import { hash } from 'node:crypto';
import type { CancellationReason } from '@aws-sdk/client-dynamodb';
import {
  addIndexUnits,
  type CapacityMode,
  type Charge,
  consumed,
  readUnits,
  TRANSACTION_FACTOR,
  wantsCapacity,
  writeUnits,
} from '../capacity.ts';
import { isValidation, tokenMismatch, transactionCancelled, validation } from '../errors.ts';
import type { Expressions } from '../expression/expressions.ts';
import { report, type State, type TableInput, tableOf } from '../state.ts';
import { findRow, slotOf, type Table } from '../table.ts';
import { itemSize } from '../value.ts';
import type { WireItem } from '../wire.ts';
import { checkActions, sameItem } from './get.ts';
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
  const given = input.TransactItems ?? [];
  checkActions(given.length, state.limits.transactionActionsMax);
  const actions = given.map((action) => prepare(state, action));
  const token = input.ClientRequestToken;
  const fingerprint = token === undefined ? '' : fingerprintOf(given);
  const earlier = token === undefined ? undefined : remembered(state, token);
  if (earlier) {
    if (earlier.fingerprint !== fingerprint) throw tokenMismatch();
    return replayed(state, input, actions);
  }
  checkTogether(actions, state);
  const plans = planAll(state, actions);
  const charges = new Map<Table, Charge>();
  for (const plan of plans) {
    const charge = chargeOf(charges, plan.table);
    charge.tableUnits += TRANSACTION_FACTOR * writeUnits(plan.bytes);
    addIndexUnits(charge, applyWrite(plan, state));
  }
  if (token !== undefined) {
    state.tokens.set(token, { fingerprint, completedMs: state.now() });
  }
  return answer(state, input, charges, 'WriteCapacityUnits');
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

function checkTogether(actions: readonly Action[], state: State): void {
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

/** @throws TransactionCanceledException if any action can't be done. */
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

/** What a reason says of an error; errors that concern the whole request go on. */
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

/** Every action is charged, also those whose own condition held. */
function reportRefused(state: State, actions: readonly Action[]): void {
  if (!state.onConsumed) return;
  const charges = new Map<Table, Charge>();
  for (const { prepared, table } of actions) {
    chargeOf(charges, table).tableUnits += TRANSACTION_FACTOR * refusedUnits(prepared, table);
  }
  for (const charge of charges.values()) {
    report(state, 'TransactWriteItems', charge, 'write', true);
  }
}

function chargeOf(charges: Map<Table, Charge>, table: Table): Charge {
  let charge = charges.get(table);
  if (!charge) {
    charge = { schema: table.schema, tableUnits: 0, indexUnits: undefined };
    charges.set(table, charge);
  }
  return charge;
}

function answer(
  state: State,
  input: TransactWriteInput,
  charges: ReadonlyMap<Table, Charge>,
  kind: 'ReadCapacityUnits' | 'WriteCapacityUnits',
): TransactWriteOutput {
  const output: TransactWriteOutput = {};
  const mode = input.ReturnConsumedCapacity as CapacityMode;
  for (const charge of charges.values()) {
    report(state, 'TransactWriteItems', charge, kind === 'ReadCapacityUnits' ? 'read' : 'write');
    if (!wantsCapacity(mode)) continue;
    output.ConsumedCapacity ??= [];
    output.ConsumedCapacity.push(consumed(mode, charge, kind));
  }
  return output;
}

/** The transaction of this token, if it ended as lately as that. */
function remembered(state: State, token: string) {
  // Tokens are kept in the order in which their transactions ended.
  for (const [old, { completedMs }] of state.tokens) {
    if (state.now() - completedMs < state.limits.tokenMs) break;
    state.tokens.delete(old);
  }
  return state.tokens.get(token);
}

/** A repeated token costs reading the items; nothing is written. */
function replayed(
  state: State,
  input: TransactWriteInput,
  actions: readonly Action[],
): TransactWriteOutput {
  const charges = new Map<Table, Charge>();
  for (const { prepared, table } of actions) {
    const bytes = findRow(table, prepared.item)?.size ?? 0;
    chargeOf(charges, table).tableUnits += TRANSACTION_FACTOR * readUnits(bytes, true);
  }
  return answer(state, input, charges, 'ReadCapacityUnits');
}

/** The same for the same content, whatever the order of names. */
function fingerprintOf(actions: readonly TransactAction[]): string {
  const text = JSON.stringify(actions, (_, value: unknown) => {
    if (ArrayBuffer.isView(value)) return Buffer.from(value as Uint8Array).toString('base64');
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
  return hash('sha1', text);
}
