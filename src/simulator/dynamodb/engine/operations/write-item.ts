/** PutItem, UpdateItem, DeleteItem. */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  addIndexUnits,
  type CapacityMode,
  consumed,
  newCharge,
  wantsCapacity,
  writeUnits,
} from '../capacity.ts';
import { reportConsumption } from '../consumption.ts';
import { inEnvelope, validation } from '../errors.ts';
import { type Bindings, type Path, resolvePath, valueAt } from '../expression/path.ts';
import { type State, type TableInput, tableOf } from '../state.ts';
import { copyItem, type Item, newItem, type Value } from '../value.ts';
import { itemToWire } from '../wire.ts';
import type { WireItem } from '../wire-value.ts';
import { refuseParameters } from './legacy-parameters.ts';
import {
  applyWrite,
  checkWrite,
  type PlannedWrite,
  planWrite,
  prepareWrite,
  refusedUnits,
  type WriteInput,
  type WriteKind,
  writeExpressions,
} from './write-plan.ts';

export interface PlainWriteInput extends WriteInput, TableInput {
  readonly ReturnValues?: string | undefined;
}

export interface WriteOutput {
  Attributes?: WireItem;
  ConsumedCapacity?: object;
}

/** @throws ValidationException, ResourceNotFoundException, ConditionalCheckFailedException */
export function writeItem(
  state: State,
  kind: 'Put' | 'Update' | 'Delete',
  input: PlainWriteInput,
): WriteOutput {
  try {
    return writeUnwrapped(state, kind, input);
  } catch (error) {
    throw kind === 'Delete' ? error : inEnvelope(error);
  }
}

function writeUnwrapped(
  state: State,
  kind: 'Put' | 'Update' | 'Delete',
  input: PlainWriteInput,
): WriteOutput {
  refuseParameters(input, LEGACY);
  checkReturnValues(kind, input.ReturnValues);
  const prepared = prepareWrite(kind, input);
  const bound = writeExpressions(prepared);
  const table = tableOf(state, input.TableName);
  checkWrite(prepared, table, state);
  let plan: PlannedWrite;
  try {
    plan = planWrite(prepared, table, bound, state);
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) {
      const charge = newCharge(table.schema, refusedUnits(prepared, table));
      reportConsumption(state, OPERATIONS[kind], charge, 'write', true);
    }
    throw error;
  }
  const charge = newCharge(table.schema, writeUnits(plan.bytes));
  addIndexUnits(charge, applyWrite(plan, state));
  reportConsumption(state, OPERATIONS[kind], charge, 'write');
  const output: WriteOutput = {};
  const attributes = returned(plan, input.ReturnValues);
  if (attributes) output.Attributes = itemToWire(attributes);
  const mode = input.ReturnConsumedCapacity as CapacityMode;
  if (wantsCapacity(mode)) output.ConsumedCapacity = consumed(mode, charge);
  return output;
}

const LEGACY = ['Expected', 'ConditionalOperator', 'AttributeUpdates'];
const OPERATIONS: Readonly<Record<WriteKind, string>> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'TransactWriteItems',
};
const RETURN_VALUES = new Set(['ALL_NEW', 'UPDATED_OLD', 'ALL_OLD', 'NONE', 'UPDATED_NEW']);

function checkReturnValues(kind: WriteKind, wanted: string | undefined): void {
  if (wanted === undefined || wanted === 'NONE' || wanted === 'ALL_OLD') return;
  if (!RETURN_VALUES.has(wanted)) {
    throw validation(
      `1 validation error detected: Value '${wanted}' at 'returnValues' failed to satisfy constraint: Member must satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]`,
    );
  }
  if (kind !== 'Update') throw validation('ReturnValues can only be ALL_OLD or NONE');
}

function returned(plan: PlannedWrite, wanted: string | undefined): Item | undefined {
  switch (wanted) {
    case 'ALL_OLD':
      return plan.before?.item;
    case 'ALL_NEW':
      return plan.after;
    case 'UPDATED_OLD':
      return plan.before && updatedParts(plan, plan.before.item);
    case 'UPDATED_NEW':
      return plan.after && updatedParts(plan, plan.after);
    default:
      return undefined;
  }
}

/** The parts of an item that an update touched, lists as a whole; undefined if there are none. */
function updatedParts({ expressions }: PlannedWrite, item: Item): Item | undefined {
  let parts: Item | undefined;
  for (const action of expressions.update?.actions ?? []) {
    const path = wholeLists(resolvePath(action.path, expressions.bindings));
    const value = valueAt(item, path, NO_BINDINGS);
    if (!value) continue;
    parts ??= newItem();
    const name = path[0] as string;
    parts[name] = merge(parts[name], path, 1, value);
  }
  return parts;
}

const NO_BINDINGS: Bindings = { names: undefined, values: undefined };

function wholeLists(path: Path): Path {
  const index = path.findIndex((step) => typeof step === 'number');
  return index < 0 ? path : path.slice(0, index);
}

function merge(into: Value | undefined, path: Path, depth: number, value: Value): Value {
  const name = path[depth] as string | undefined;
  if (name === undefined) return value;
  const map = into?.type === 'M' ? copyItem(into.value) : newItem();
  map[name] = merge(map[name], path, depth + 1, value);
  return { type: 'M', value: map };
}
