/** BatchWriteItem: independent puts and deletes without conditions. */
import {
  addIndexUnits,
  type CapacityMode,
  consumed,
  newCharge,
  wantsCapacity,
  writeUnits,
} from '../capacity.ts';
import { reportConsumption } from '../consumption.ts';
import { validation } from '../errors.ts';
import { type State, type TableInput, tableOf } from '../state.ts';
import { slotOf, type Table } from '../table.ts';
import { itemSize } from '../value-size.ts';
import type { WireItem } from '../wire-value.ts';
import {
  applyWrite,
  checkWrite,
  type PreparedWrite,
  planWrite,
  prepareWrite,
} from './write-plan.ts';

export interface WriteRequest {
  readonly PutRequest?: { readonly Item?: WireItem | undefined } | undefined;
  readonly DeleteRequest?: { readonly Key?: WireItem | undefined } | undefined;
}

export interface BatchWriteInput extends TableInput {
  readonly RequestItems?: Readonly<Record<string, readonly WriteRequest[]>> | undefined;
}

export interface BatchWriteOutput {
  UnprocessedItems: Record<string, never>;
  ConsumedCapacity?: object[];
}

/** One invalid write rejects the batch. @throws ValidationException, ResourceNotFoundException */
export function batchWriteItem(state: State, input: BatchWriteInput): BatchWriteOutput {
  const requests = Object.entries(input.RequestItems ?? {});
  checkBatch(requests, state.limits.batchWriteItemsMax);
  const prepared = requests.map(([name, writes]) => ({ name, writes: writes.map(prepare) }));
  checkBytes(
    prepared.flatMap(({ writes }) => writes),
    state,
  );
  const plans = prepared.map(({ name, writes }) => {
    const table = tableOf(state, name);
    for (const write of writes) checkWrite(write, table, state, true);
    checkDistinct(table, writes);
    return { table, writes };
  });
  const mode = input.ReturnConsumedCapacity as CapacityMode;
  const output: BatchWriteOutput = { UnprocessedItems: {} };
  for (const { table, writes } of plans) {
    const charge = newCharge(table.schema);
    for (const write of writes) {
      const plan = planWrite(write, table, NO_EXPRESSIONS, state);
      charge.tableUnits += writeUnits(plan.bytes);
      addIndexUnits(charge, applyWrite(plan, state));
    }
    reportConsumption(state, 'BatchWriteItem', charge, 'write');
    if (!wantsCapacity(mode)) continue;
    output.ConsumedCapacity ??= [];
    output.ConsumedCapacity.push(consumed(mode, charge));
  }
  return output;
}

const NO_EXPRESSIONS = { bindings: { names: undefined, values: undefined } };

function prepare(request: WriteRequest): PreparedWrite {
  const { PutRequest: put, DeleteRequest: remove } = request;
  if (put && !remove) return prepareWrite('Put', { Item: put.Item });
  if (remove && !put) return prepareWrite('Delete', { Key: remove.Key });
  throw validation(
    put
      ? 'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes'
      : 'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes',
  );
}

function checkBatch(requests: readonly [string, readonly WriteRequest[]][], countMax: number) {
  if (requests.length === 0) {
    throw validation(
      "1 validation error detected: Value at 'RequestItems' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
  }
  let count = 0;
  for (const [name, writes] of requests) {
    count += writes.length;
    if (writes.length === 0) {
      throw validation(
        `1 validation error detected: Value at 'requestItems.${name}.member' failed to satisfy constraint: Member must have length greater than or equal to 1`,
      );
    }
  }
  if (count > countMax) {
    throw validation(
      `1 validation error detected: Value at 'requestItems' failed to satisfy constraint: Map value must satisfy constraint: [Member must have length less than or equal to ${countMax}, Member must have length greater than or equal to 1]`,
    );
  }
}

function checkBytes(writes: readonly PreparedWrite[], state: State): void {
  let bytes = 0;
  for (const { item } of writes) {
    const size = itemSize(item);
    if (size > state.limits.itemBytesMax) {
      throw validation('Item size has exceeded the maximum allowed size');
    }
    bytes += size;
  }
  if (bytes > state.limits.batchWriteBytesMax) {
    throw validation('The aggregate size of the items in BatchWriteItem exceeds the limit');
  }
}

function checkDistinct(table: Table, writes: readonly PreparedWrite[]): void {
  const slots = new Set(writes.map(({ item }) => slotOf(table.schema, item)));
  if (slots.size < writes.length) {
    throw validation('Provided list of item keys contains duplicates');
  }
}
