/** Checks of a Query's or Scan's parameters. */
import { equalValues } from '../compare-values.ts';
import { validation } from '../errors.ts';
import { attributesOf } from '../expression/condition.ts';
import type { Expressions } from '../expression/expressions.ts';
import { type KeyCondition, keyCondition } from '../expression/key-condition.ts';
import { nameOf } from '../expression/path.ts';
import type { IndexSchema, KeySchema } from '../schema.ts';
import type { IndexState, Table } from '../table.ts';
import type { Item } from '../value.ts';
import type { Operation, PageInput } from './page-input.ts';

const SELECTS = new Set([
  'ALL_ATTRIBUTES',
  'ALL_PROJECTED_ATTRIBUTES',
  'COUNT',
  'SPECIFIC_ATTRIBUTES',
]);

export function checkParameters(operation: Operation, input: PageInput): void {
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

export function checkIndex(input: PageInput, index: IndexState | undefined): void {
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

/** An index returns only the attributes that it stores. */
export function checkProjected({ name, projected }: IndexSchema, bound: Expressions): void {
  if (!projected) return;
  const asked = bound.projection ?? [];
  const names = asked.map((path) => nameOf(path[0] as string, bound.bindings));
  const missing = [...new Set(names)].filter((one) => !projected.has(one));
  if (missing.length === 0) return;
  throw validation(
    `One or more parameter values were invalid: Global secondary index ${name} does not project [${missing.join(', ')}]`,
  );
}

export function checkStart(
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

/** A query continues within its partition. */
export function checkBoundaries({ hash }: KeySchema, key: KeyCondition, start: Item): void {
  const value = start[hash.name];
  if (value && equalValues(value, key.hash)) return;
  throw validation(
    'The provided starting key is outside query boundaries based on provided conditions',
  );
}

export function boundKey(
  table: Table,
  index: IndexState | undefined,
  bound: Expressions,
): KeyCondition {
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
