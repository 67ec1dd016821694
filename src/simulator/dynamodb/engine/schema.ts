/** Table schemas, compiled from definitions as for CreateTable. */
import type {
  AttributeDefinition,
  GlobalSecondaryIndex,
  KeySchemaElement,
  Projection,
} from '@aws-sdk/client-dynamodb';
import { validation } from './errors.ts';
import { type Item, namesOf, newItem, type Value } from './value.ts';

/** The input of CreateTable. Other members (billing, tags) are kept and ignored. */
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
  /** The attributes in the index; undefined: all. */
  readonly projected: ReadonlySet<string> | undefined;
}

export interface TableSchema extends KeySchema {
  readonly name: string;
  readonly indexes: readonly IndexSchema[];
  readonly definition: TableDefinition;
}

const compiled = new WeakMap<TableDefinition, TableSchema>();

/** Compiled once for each definition object. @throws ValidationException */
export function tableSchema(definition: TableDefinition): TableSchema {
  let schema = compiled.get(definition);
  if (!schema) {
    schema = compile(definition);
    compiled.set(definition, schema);
  }
  return schema;
}

/** A string that identifies a key value among those of its type. */
export function keyText(value: Value): string {
  return value.type === 'B' ? Buffer.from(value.value).toString('latin1') : (value.value as string);
}

/** The key attributes of an item, including those of an index. */
export function keyOf(schema: TableSchema, index: IndexSchema | undefined, item: Item): Item {
  const key = newItem();
  for (const attribute of [schema.hash, schema.range, index?.hash, index?.range]) {
    const value = attribute && item[attribute.name];
    if (value) key[attribute.name] = value;
  }
  return key;
}

/** The index entry of an item; undefined if the index doesn't contain the item. */
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
  // If several index keys are invalid, the one of the first index by name is reported.
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
