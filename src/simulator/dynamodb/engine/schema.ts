/** Table definitions, as CreateTable takes them, made ready for use; and what keys must be like. */
import type {
  AttributeDefinition,
  GlobalSecondaryIndex,
  KeySchemaElement,
  Projection,
} from '@aws-sdk/client-dynamodb';
import { validation } from './errors.ts';
import { type Item, namesOf, newItem, type Value, valueSize } from './value.ts';

/** What CreateTable takes; what else a definition has (billing, tags) is kept and not looked at. */
export interface TableDefinition {
  readonly TableName?: string | undefined;
  readonly AttributeDefinitions?: readonly AttributeDefinition[] | undefined;
  readonly KeySchema?: readonly KeySchemaElement[] | undefined;
  readonly GlobalSecondaryIndexes?: readonly GlobalSecondaryIndex[] | undefined;
}

export interface KeyAttribute {
  readonly name: string;
  readonly type: 'S' | 'N' | 'B';
}

export interface KeySchema {
  readonly hash: KeyAttribute;
  readonly range: KeyAttribute | undefined;
}

export interface IndexSchema extends KeySchema {
  readonly name: string;
  /** The attributes that the index stores; undefined: all. */
  readonly projected: ReadonlySet<string> | undefined;
}

export interface TableSchema extends KeySchema {
  readonly name: string;
  readonly indexes: readonly IndexSchema[];
  readonly definition: TableDefinition;
}

const HASH_KEY_BYTES_MAX = 2048;
const RANGE_KEY_BYTES_MAX = 1024;
const compiled = new WeakMap<TableDefinition, TableSchema>();

/** The schema of a definition; made once for each definition object. @throws ValidationException */
export function tableSchema(definition: TableDefinition): TableSchema {
  let schema = compiled.get(definition);
  if (!schema) {
    schema = compile(definition);
    compiled.set(definition, schema);
  }
  return schema;
}

/** The text that tells key values of one type apart. */
export function keyText(value: Value): string {
  return value.type === 'B' ? Buffer.from(value.value).toString('latin1') : (value.value as string);
}

/** @throws ValidationException unless the value can be compared with this key attribute. */
export function checkKeyValue(key: KeyAttribute, value: Value): void {
  if (value.type !== key.type) {
    throw validation(
      'One or more parameter values were invalid: Condition parameter type does not match schema type',
    );
  }
  checkNotEmpty(key, value);
}

/**
 * @param inBatch whether BatchWriteItem asks, which says less about a wrong type
 * @throws ValidationException unless the key attributes of an item to be stored are right
 */
export function checkItemKeys(schema: TableSchema, item: Item, inBatch = false): void {
  checkItemKey(schema.hash, item, inBatch);
  if (schema.range) checkItemKey(schema.range, item, inBatch);
  checkKeySizes(schema, item);
  if (schema.indexes.length > 0) checkIndexKeys(schema, item, undefined);
}

/** The key of a request, and nothing else. @throws ValidationException */
export function checkKeyOnly(schema: KeySchema, key: Item): void {
  const hash = key[schema.hash.name];
  const range = schema.range && key[schema.range.name];
  let count = 0;
  for (const _ in key) count++;
  if (
    hash?.type !== schema.hash.type ||
    range?.type !== schema.range?.type ||
    count !== (schema.range ? 2 : 1)
  ) {
    throw validation('The provided key element does not match the schema');
  }
  checkNotEmpty(schema.hash, hash);
  if (schema.range && range) checkNotEmpty(schema.range, range);
  checkKeySizes(schema, key);
}

/**
 * @param before the item as it was, for an update: only what has changed is checked
 * @throws ValidationException
 */
export function checkIndexKeys(schema: TableSchema, item: Item, before: Item | undefined): void {
  for (const index of schema.indexes) {
    for (const key of [index.hash, index.range]) {
      const value = key && item[key.name];
      if (!value || value === before?.[key.name]) continue;
      if (value.type !== key.type) {
        throw validation(
          `One or more parameter values were invalid: Type mismatch for Index Key ${key.name} Expected: ${key.type} Actual: ${value.type} IndexName: ${index.name}`,
        );
      }
      if (!isEmpty(value)) continue;
      const what = value.type === 'S' ? 'string' : 'binary';
      throw validation(
        before
          ? `One or more parameter values are not valid. The update expression attempted to update a secondary index key to a value that is not supported. The AttributeValue for a key attribute cannot contain an empty ${what} value.`
          : `One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty ${what} value. IndexName: ${index.name}, IndexKey: ${key.name}`,
      );
    }
  }
}

/** The attributes of `item` that identify it, in a table or in one of its indexes. */
export function keyOf(schema: TableSchema, index: IndexSchema | undefined, item: Item): Item {
  const key = newItem();
  for (const attribute of [schema.hash, schema.range, index?.hash, index?.range]) {
    const value = attribute && item[attribute.name];
    if (value) key[attribute.name] = value;
  }
  return key;
}

/** What an index stores of an item; undefined if the item isn't in it. */
export function indexed(index: IndexSchema, item: Item): Item | undefined {
  if (!item[index.hash.name] || (index.range && !item[index.range.name])) return undefined;
  const { projected } = index;
  if (!projected) return item;
  const entry = newItem();
  for (const name of namesOf(item)) {
    if (projected.has(name)) entry[name] = item[name] as Value;
  }
  return entry;
}

function compile(definition: TableDefinition): TableSchema {
  const name = definition.TableName ?? '';
  const keys = keySchema(definition, definition.KeySchema);
  const indexes = (definition.GlobalSecondaryIndexes ?? []).map((index): IndexSchema => {
    const own = keySchema(definition, index.KeySchema);
    return {
      name: index.IndexName ?? '',
      ...own,
      projected: projectedNames(keys, own, index.Projection),
    };
  });
  // Of several wrong index keys, the one of the first index by name is reported.
  indexes.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { name, ...keys, indexes, definition };
}

function projectedNames(
  table: KeySchema,
  index: KeySchema,
  projection: Projection | undefined,
): ReadonlySet<string> | undefined {
  if (projection?.ProjectionType === 'ALL') return undefined;
  const names = new Set(projection?.NonKeyAttributes ?? []);
  for (const key of [table.hash, table.range, index.hash, index.range]) {
    if (key) names.add(key.name);
  }
  return names;
}

function keySchema(
  definition: TableDefinition,
  elements: readonly KeySchemaElement[] | undefined,
): KeySchema {
  const [hash, range] = elements ?? [];
  if (hash?.KeyType !== 'HASH' || (range && range.KeyType !== 'RANGE')) {
    throw validation('Invalid KeySchema: The first KeySchemaElement is not a HASH key type');
  }
  return {
    hash: keyAttribute(definition, hash),
    range: range && keyAttribute(definition, range),
  };
}

function keyAttribute(definition: TableDefinition, element: KeySchemaElement): KeyAttribute {
  const name = element.AttributeName ?? '';
  const found = definition.AttributeDefinitions?.find((entry) => entry.AttributeName === name);
  const type = found?.AttributeType;
  if (type !== 'S' && type !== 'N' && type !== 'B') {
    throw validation(
      `One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. Keys: [${name}]`,
    );
  }
  return { name, type };
}

function checkItemKey(key: KeyAttribute, item: Item, inBatch: boolean): void {
  const value = item[key.name];
  if (!value) {
    throw validation(
      `One or more parameter values were invalid: Missing the key ${key.name} in the item`,
    );
  }
  if (value.type !== key.type) {
    throw validation(
      inBatch
        ? 'The provided key element does not match the schema'
        : `One or more parameter values were invalid: Type mismatch for key ${key.name} expected: ${key.type} actual: ${value.type}`,
    );
  }
  checkNotEmpty(key, value);
}

function checkKeySizes(schema: KeySchema, item: Item): void {
  const hash = item[schema.hash.name] as Value;
  if (longer(hash, HASH_KEY_BYTES_MAX)) {
    throw validation(
      'One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes',
    );
  }
  const range = schema.range && item[schema.range.name];
  if (range && longer(range, RANGE_KEY_BYTES_MAX)) {
    throw validation(
      'One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of 1024 bytes',
    );
  }
}

function longer(value: Value, bytesMax: number): boolean {
  // A UTF-16 unit is at most three bytes: most keys needn't be measured.
  if (value.type === 'S' && value.value.length * 3 <= bytesMax) return false;
  return valueSize(value) > bytesMax;
}

function checkNotEmpty(key: KeyAttribute, value: Value): void {
  if (!isEmpty(value)) return;
  throw validation(
    `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${value.type === 'S' ? 'string' : 'binary'} value. Key: ${key.name}`,
  );
}

function isEmpty(value: Value): boolean {
  return (value.type === 'S' || value.type === 'B') && value.value.length === 0;
}
