/** Checks of key attributes. */
import { validation } from './errors.ts';
import type { KeyAttribute, KeySchema, TableSchema } from './schema.ts';
import type { Item, Value } from './value.ts';
import { valueSize } from './value-size.ts';

const HASH_KEY_BYTES_MAX = 2048;

const RANGE_KEY_BYTES_MAX = 1024;

/** The value of a key condition. @throws ValidationException */
export function checkKeyValue(key: KeyAttribute, value: Value): void {
  if (value.type !== key.type) {
    throw validation(
      'One or more parameter values were invalid: Condition parameter type does not match schema type',
    );
  }
  checkNotEmpty(key, value);
}

/**
 * The keys of an item to be stored.
 * @param inBatch BatchWriteItem reports a wrong type with a shorter message
 * @throws ValidationException
 */
export function checkItemKeys(schema: TableSchema, item: Item, inBatch = false): void {
  checkItemKey(schema.hash, item, inBatch);
  if (schema.range) checkItemKey(schema.range, item, inBatch);
  checkKeySizes(schema, item);
  if (schema.indexes.length > 0) checkIndexKeys(schema, item, undefined);
}

/** The key of a request, which has no other attributes. @throws ValidationException */
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
 * @param before the item before an update: unchanged attributes are not checked
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
  // A UTF-16 code unit has at most three bytes, so most keys need not be measured.
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
