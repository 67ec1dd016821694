/** GetItem. */
import { type CapacityMode, consumed, newCharge, readUnits, wantsCapacity } from '../capacity.ts';
import { reportConsumption } from '../consumption.ts';
import { type ExpressionInput, expressions } from '../expression/expressions.ts';
import { projection } from '../expression/projection.ts';
import { checkKeyOnly } from '../key-checks.ts';
import { type State, type TableInput, tableOf } from '../state.ts';
import { itemToWire } from '../wire.ts';
import type { WireItem } from '../wire-value.ts';
import { refuseParameters } from './legacy-parameters.ts';
import { keyFromWire, readItem } from './read-item.ts';

export interface GetInput extends ExpressionInput, TableInput {
  readonly Key?: WireItem | undefined;
  readonly ConsistentRead?: boolean | undefined;
}

export interface GetOutput {
  Item?: WireItem;
  ConsumedCapacity?: object;
}

/** @throws ValidationException, ResourceNotFoundException, NotSimulated */
export function getItem(state: State, input: GetInput): GetOutput {
  refuseParameters(input, ['AttributesToGet']);
  const key = keyFromWire(input.Key);
  const bound = expressions(input, []);
  const table = tableOf(state, input.TableName);
  checkKeyOnly(table.schema, key);
  const consistent = input.ConsistentRead === true;
  const version = readItem(state, 'GetItem', table, key, consistent);
  const output: GetOutput = {};
  if (version) {
    const project = bound.projection && projection(bound.projection, bound.bindings);
    output.Item = itemToWire(project ? project(version.item) : version.item);
  }
  const charge = newCharge(table.schema, readUnits(version?.size ?? 0, consistent));
  reportConsumption(state, 'GetItem', charge, 'read');
  const mode = input.ReturnConsumedCapacity as CapacityMode;
  if (wantsCapacity(mode)) output.ConsumedCapacity = consumed(mode, charge);
  return output;
}
