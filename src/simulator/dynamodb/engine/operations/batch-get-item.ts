/** BatchGetItem. */
import { type CapacityMode, consumed, newCharge, readUnits, wantsCapacity } from '../capacity.ts';
import { reportConsumption } from '../consumption.ts';
import { validation } from '../errors.ts';
import { type ExpressionInput, type Expressions, expressions } from '../expression/expressions.ts';
import { projection } from '../expression/projection.ts';
import { checkKeyOnly } from '../key-checks.ts';
import { type State, type TableInput, tableOf } from '../state.ts';
import { slotOf, type Table } from '../table.ts';
import type { Item } from '../value.ts';
import { itemToWire, put } from '../wire.ts';
import type { WireItem } from '../wire-value.ts';
import { refuseParameters } from './legacy-parameters.ts';
import { keyFromWire, readItem } from './read-item.ts';

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

/** @throws ValidationException, ResourceNotFoundException, NotSimulated */
export function batchGetItem(state: State, input: BatchGetInput): BatchGetOutput {
  const requests = Object.entries(input.RequestItems ?? {});
  checkBatch(requests, state.limits.batchGetKeysMax);
  const mode = input.ReturnConsumedCapacity as CapacityMode;
  const output: BatchGetOutput = { Responses: {}, UnprocessedKeys: {} };
  const reads = requests.map(([name, request]) => prepare(state, name, request));
  let bytes = 0;
  let isFull = false;
  for (const { name, request, keys, bound, table } of reads) {
    const consistent = request.ConsistentRead === true;
    const project = bound.projection && projection(bound.projection, bound.bindings);
    const items: WireItem[] = [];
    const left: WireItem[] = [];
    const charge = newCharge(table.schema);
    keys.forEach((key, position) => {
      const version = isFull ? undefined : readItem(state, 'BatchGetItem', table, key, consistent);
      const size = version?.size ?? 0;
      isFull ||= bytes + size > state.limits.batchGetBytesMax;
      if (isFull) {
        left.push(structuredClone(request.Keys?.[position] as WireItem));
        return;
      }
      bytes += size;
      charge.tableUnits += readUnits(size, consistent);
      if (version) items.push(itemToWire(project ? project(version.item) : version.item));
    });
    put(output.Responses, name, items);
    if (left.length > 0) put(output.UnprocessedKeys, name, { ...request, Keys: left });
    reportConsumption(state, 'BatchGetItem', charge, 'read');
    if (wantsCapacity(mode)) {
      output.ConsumedCapacity ??= [];
      output.ConsumedCapacity.push(consumed(mode, charge));
    }
  }
  return output;
}

interface TableRead {
  readonly name: string;
  readonly request: KeysInput;
  readonly keys: readonly Item[];
  readonly bound: Expressions;
  readonly table: Table;
}

function prepare(state: State, name: string, request: KeysInput): TableRead {
  refuseParameters(request, ['AttributesToGet']);
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
