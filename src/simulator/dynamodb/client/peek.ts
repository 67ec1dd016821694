/** Single rows of several tables, as plain JavaScript. */
import {
  type AttributeValue,
  BatchGetItemCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import type { Row } from '../../model/workload.ts';
import { unmarshalItem } from './unmarshal.ts';

export interface RowKey {
  readonly table: string;
  readonly keyRow: Row;
}

/** What BatchGetItem takes. */
const KEYS_MAX = 100;

/** In the order of the keys; undefined where there is no such row. Rejects where not all can be had. */
export async function peekRows(
  client: DynamoDBClient,
  keys: readonly RowKey[],
  tableName: (table: string) => string,
): Promise<(Row | undefined)[]> {
  const found = new Map<string, Row>();
  const attributes = new Map(
    keys.map(({ table, keyRow }) => [tableName(table), Object.keys(keyRow)]),
  );
  for (let from = 0; from < keys.length; from += KEYS_MAX) {
    const request: Record<
      string,
      { Keys: Record<string, AttributeValue>[]; ConsistentRead: true }
    > = {};
    for (const { table, keyRow } of keys.slice(from, from + KEYS_MAX)) {
      const name = tableName(table);
      request[name] ??= { Keys: [], ConsistentRead: true };
      request[name].Keys.push(marshalKey(keyRow));
    }
    const answer = await client.send(new BatchGetItemCommand({ RequestItems: request }));
    if (Object.keys(answer.UnprocessedKeys ?? {}).length > 0) throw new Error('not all were read');
    for (const [name, items] of Object.entries(answer.Responses ?? {})) {
      for (const item of items) {
        const row = unmarshalItem(item);
        const key = attributes.get(name)?.map((attribute) => row[attribute]);
        found.set(JSON.stringify([name, key]), row);
      }
    }
  }
  return keys.map(({ table, keyRow }) =>
    found.get(JSON.stringify([tableName(table), Object.values(keyRow)])),
  );
}

/** Keys of workloads are texts and numbers. */
function marshalKey(keyRow: Row): Record<string, AttributeValue> {
  return Object.fromEntries(
    Object.entries(keyRow).map(([name, value]) => [
      name,
      typeof value === 'number' ? { N: String(value) } : { S: String(value) },
    ]),
  );
}
