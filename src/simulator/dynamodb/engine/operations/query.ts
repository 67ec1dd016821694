/** Query and Scan. */
import { NotSimulated } from '../../../model/not-simulated.ts';
import { type CapacityMode, type Charge, consumed, readUnits, wantsCapacity } from '../capacity.ts';
import { reportConsumption } from '../consumption.ts';
import { evaluate } from '../expression/condition.ts';
import { type Expressions, expressions } from '../expression/expressions.ts';
import { projection } from '../expression/projection.ts';
import { keyOf } from '../schema.ts';
import { indexOf, type State, tableOf } from '../state.ts';
import type { IndexState, Table } from '../table.ts';
import { itemFromWire, itemToWire } from '../wire.ts';
import { refuseParameters } from './legacy-parameters.ts';
import { type Page, readPage } from './page.ts';
import {
  boundKey,
  checkBoundaries,
  checkIndex,
  checkParameters,
  checkProjected,
  checkStart,
} from './page-checks.ts';
import type { Operation, PageInput, PageOutput } from './page-input.ts';

/** @throws ValidationException, ResourceNotFoundException, NotSimulated */
export function query(state: State, input: PageInput): PageOutput {
  refuseParameters(input, [
    'KeyConditions',
    'QueryFilter',
    'AttributesToGet',
    'ConditionalOperator',
  ]);
  return execute(state, 'Query', input);
}

/** @throws ValidationException, ResourceNotFoundException, NotSimulated */
export function scan(state: State, input: PageInput): PageOutput {
  refuseParameters(input, ['ScanFilter', 'AttributesToGet', 'ConditionalOperator']);
  if (input.Segment !== undefined || input.TotalSegments !== undefined) {
    throw new NotSimulated('parallel scans of DynamoDB');
  }
  return execute(state, 'Scan', input);
}

function execute(state: State, operation: Operation, input: PageInput): PageOutput {
  checkParameters(operation, input);
  const start = input.ExclusiveStartKey && itemFromWire(input.ExclusiveStartKey);
  const bound = expressions(input, OPERANDS[operation]);
  const table = tableOf(state, input.TableName);
  const index = input.IndexName === undefined ? undefined : indexOf(table, input.IndexName);
  checkIndex(input, index);
  if (index && bound.projection) checkProjected(index.schema, bound);
  if (start) checkStart(operation, table, index, start);
  const key = operation === 'Query' ? boundKey(table, index, bound) : undefined;
  if (start && key) checkBoundaries(index?.schema ?? table.schema, key, start);
  const page = readPage(state, operation, input, table, index, key, start);
  return outputOf(state, operation, input, table, index, bound, page);
}

/** Filters the page after it was cut, as DynamoDB does. */
function outputOf(
  state: State,
  operation: Operation,
  input: PageInput,
  table: Table,
  index: IndexState | undefined,
  bound: Expressions,
  page: Page,
): PageOutput {
  const { filter, bindings } = bound;
  const kept = filter
    ? page.scanned.filter((element) => evaluate(filter, element.item, bindings))
    : page.scanned;
  const output: PageOutput = { Count: kept.length, ScannedCount: page.scanned.length };
  if (input.Select !== 'COUNT') {
    const project = bound.projection && projection(bound.projection, bindings);
    output.Items = kept.map(({ item }) => itemToWire(project ? project(item) : item));
  }
  const last = page.stopped ? page.scanned.at(-1) : undefined;
  if (last) output.LastEvaluatedKey = itemToWire(keyOf(table.schema, index?.schema, last.item));
  const units = readUnits(page.bytes, input.ConsistentRead === true);
  const charge: Charge = {
    schema: table.schema,
    tableUnits: index ? 0 : units,
    indexUnits: index && table.indexes.map((other) => (other === index ? units : undefined)),
  };
  reportConsumption(state, operation, charge, 'read');
  const mode = input.ReturnConsumedCapacity as CapacityMode;
  if (wantsCapacity(mode)) output.ConsumedCapacity = consumed(mode, charge);
  return output;
}

/** The expressions that use values, by operation. */
const OPERANDS: Readonly<Record<Operation, readonly string[]>> = {
  Query: ['FilterExpression', 'KeyConditionExpression'],
  Scan: ['FilterExpression'],
};
