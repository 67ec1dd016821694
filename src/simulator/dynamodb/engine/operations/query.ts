/** Query and Scan: a page of rows or index entries, filtered after it was cut. */
import { type CapacityMode, type Charge, consumed, readUnits, wantsCapacity } from '../capacity.ts';
import { validation } from '../errors.ts';
import { attributesOf, evaluate } from '../expression/condition.ts';
import { type ExpressionInput, type Expressions, expressions } from '../expression/expressions.ts';
import { type KeyCondition, keyCondition, placeInRange } from '../expression/key-condition.ts';
import { nameOf } from '../expression/path.ts';
import { projection } from '../expression/projection.ts';
import { firstAtOrAfter } from '../ordered.ts';
import { type IndexSchema, type KeySchema, keyOf, keyText } from '../schema.ts';
import { indexOf, refuse, report, type State, type TableInput, tableOf } from '../state.ts';
import {
  allEntries,
  allRows,
  type IndexState,
  partitionEntries,
  partitionRows,
  type Stored,
  scanOrder,
  type Table,
} from '../table.ts';
import { equalValues, type Item, type Value } from '../value.ts';
import { itemFromWire, itemToWire, type WireItem } from '../wire.ts';
import { pastElements } from './past.ts';

export interface PageInput extends ExpressionInput, TableInput {
  readonly IndexName?: string | undefined;
  readonly ConsistentRead?: boolean | undefined;
  readonly Select?: string | undefined;
  readonly Limit?: number | undefined;
  readonly ExclusiveStartKey?: WireItem | undefined;
  readonly ScanIndexForward?: boolean | undefined;
  readonly Segment?: number | undefined;
  readonly TotalSegments?: number | undefined;
}

export interface PageOutput {
  Items?: WireItem[];
  Count: number;
  ScannedCount: number;
  LastEvaluatedKey?: WireItem;
  ConsumedCapacity?: object;
}

type Operation = 'Query' | 'Scan';

/** @throws ValidationException, ResourceNotFoundException */
export function query(state: State, input: PageInput): PageOutput {
  refuse(input, ['KeyConditions', 'QueryFilter', 'AttributesToGet', 'ConditionalOperator']);
  return readPage(state, 'Query', input);
}

/** @throws ValidationException, ResourceNotFoundException */
export function scan(state: State, input: PageInput): PageOutput {
  refuse(input, ['ScanFilter', 'AttributesToGet', 'ConditionalOperator']);
  if (input.Segment !== undefined || input.TotalSegments !== undefined) {
    throw validation('The simulated DynamoDB does not support parallel scans');
  }
  return readPage(state, 'Scan', input);
}

function readPage(state: State, operation: Operation, input: PageInput): PageOutput {
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
  const found = elements(state, operation, input, table, index, key);
  const order =
    operation === 'Query'
      ? (index?.compare ?? table.compare)
      : scanOrder(table, index?.compare ?? table.compare, index?.schema);
  const page = cut(state, input, found, key, start, order);
  return answer(state, operation, input, table, index, bound, page);
}

/** The elements that a page looked at, and whether it stopped before the end. */
interface Page {
  readonly scanned: readonly Stored[];
  readonly bytes: number;
  readonly stopped: boolean;
}

/** All that the request could look at: a partition for a query, everything for a scan. */
function elements(
  state: State,
  operation: Operation,
  input: PageInput,
  table: Table,
  index: IndexState | undefined,
  key: KeyCondition | undefined,
): readonly Stored[] {
  const hashText = key && keyText(key.hash);
  const now =
    hashText === undefined
      ? index
        ? allEntries(table, index)
        : allRows(table)
      : index
        ? partitionEntries(index, hashText)
        : partitionRows(table, hashText);
  if (input.ConsistentRead || !state.staleness || !table.history) return now;
  const lagMs = state.staleness({
    operation,
    tableName: table.schema.name,
    indexName: index?.schema.name,
  });
  if (lagMs <= 0) return now;
  const asOfMs = state.now() - Math.min(lagMs, state.stalenessMsMax);
  const past = pastElements(table, index, table.history, asOfMs, now, hashText);
  const order = index?.compare ?? table.compare;
  return past.sort(key ? order : scanOrder(table, order, index?.schema));
}

function cut(
  state: State,
  input: PageInput,
  list: readonly Stored[],
  key: KeyCondition | undefined,
  start: Item | undefined,
  order: (left: Stored, right: Stored) => number,
): Page {
  const forward = input.ScanIndexForward !== false;
  const place = key && sortPlace(key);
  let from = place ? firstAtOrAfter(list, place) : 0;
  let to = place ? firstAtOrAfter(list, (element) => (place(element) > 0 ? 1 : -1)) : list.length;
  if (start) {
    const pivot: Stored = { item: start, size: 0, live: true };
    const at = firstAtOrAfter(list, (element) => order(element, pivot));
    const found = list[at];
    if (forward) from = Math.max(from, found && order(found, pivot) === 0 ? at + 1 : at);
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

function sortPlace(key: KeyCondition): ((element: Stored) => number) | undefined {
  const { range, rangeName } = key;
  if (rangeName === undefined) return undefined;
  return (element) => placeInRange(range, element.item[rangeName] as Value);
}

function answer(
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
  report(state, operation, charge, 'read');
  const mode = input.ReturnConsumedCapacity as CapacityMode;
  if (wantsCapacity(mode)) output.ConsumedCapacity = consumed(mode, charge);
  return output;
}

const OPERANDS: Readonly<Record<Operation, readonly string[]>> = {
  Query: ['FilterExpression', 'KeyConditionExpression'],
  Scan: ['FilterExpression'],
};

const SELECTS = new Set([
  'ALL_ATTRIBUTES',
  'ALL_PROJECTED_ATTRIBUTES',
  'COUNT',
  'SPECIFIC_ATTRIBUTES',
]);

function checkParameters(operation: Operation, input: PageInput): void {
  const { Limit: limit, Select: select } = input;
  if (limit !== undefined && limit < 1) {
    throw validation(
      `1 validation error detected: Value ${operation === 'Scan' ? `'${limit}' at 'limit'` : "at 'Limit'"} failed to satisfy constraint: Member must have value greater than or equal to 1`,
    );
  }
  if (select !== undefined && !SELECTS.has(select)) {
    throw validation(
      `1 validation error detected: Value '${select}' at 'select' failed to satisfy constraint: Member must satisfy enum value set: [SPECIFIC_ATTRIBUTES, COUNT, ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES]`,
    );
  }
  if (select === 'SPECIFIC_ATTRIBUTES' && input.ProjectionExpression === undefined) {
    throw validation(
      'Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES',
    );
  }
  if (select && select !== 'SPECIFIC_ATTRIBUTES' && input.ProjectionExpression !== undefined) {
    throw validation(
      `Cannot specify the ProjectionExpression when choosing to get ${select === 'COUNT' ? 'only the Count' : select}`,
    );
  }
  if (select === 'ALL_PROJECTED_ATTRIBUTES' && input.IndexName === undefined) {
    throw validation(
      `ALL_PROJECTED_ATTRIBUTES can be used only when ${operation === 'Query' ? 'Querying' : 'Scanning'} using an IndexName`,
    );
  }
}

function checkIndex(input: PageInput, index: IndexState | undefined): void {
  if (!index) return;
  if (input.ConsistentRead) {
    throw validation('Consistent reads are not supported on global secondary indexes');
  }
  if (input.Select === 'ALL_ATTRIBUTES' && index.schema.projected) {
    throw validation(
      `One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary index ${index.schema.name} because its projection type is not ALL`,
    );
  }
}

/** An index can't give what it doesn't store. */
function checkProjected({ name, projected }: IndexSchema, bound: Expressions): void {
  if (!projected) return;
  const asked = bound.projection ?? [];
  const names = asked.map((path) => nameOf(path[0] as string, bound.bindings));
  const missing = [...new Set(names)].filter((one) => !projected.has(one));
  if (missing.length === 0) return;
  throw validation(
    `One or more parameter values were invalid: Global secondary index ${name} does not project [${missing.join(', ')}]`,
  );
}

function checkStart(
  operation: Operation,
  table: Table,
  index: IndexState | undefined,
  start: Item,
): void {
  const keys = [table.schema.hash, table.schema.range, index?.schema.hash, index?.schema.range];
  const names = new Map(keys.filter((key) => key !== undefined).map((key) => [key.name, key.type]));
  let isRight = Object.keys(start).length === names.size;
  for (const [name, type] of names) isRight &&= start[name]?.type === type;
  if (isRight) return;
  throw validation(
    operation === 'Query'
      ? 'The provided starting key is invalid'
      : 'The provided starting key is invalid: The provided key element does not match the schema',
  );
}

/** A query goes on within its partition. */
function checkBoundaries({ hash }: KeySchema, key: KeyCondition, start: Item): void {
  const value = start[hash.name];
  if (value && equalValues(value, key.hash)) return;
  throw validation(
    'The provided starting key is outside query boundaries based on provided conditions',
  );
}

function boundKey(table: Table, index: IndexState | undefined, bound: Expressions): KeyCondition {
  if (!bound.key) {
    throw validation(
      'Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.',
    );
  }
  const schema = index?.schema ?? table.schema;
  const key = keyCondition(bound.key, schema, bound.bindings);
  if (bound.filter) {
    const names = new Set<string>();
    attributesOf(bound.filter, bound.bindings, names);
    for (const own of [schema.hash, schema.range]) {
      if (!own || !names.has(own.name)) continue;
      throw validation(
        `Filter Expression can only contain non-primary key attributes: Primary key attribute: ${own.name}`,
      );
    }
  }
  return key;
}
