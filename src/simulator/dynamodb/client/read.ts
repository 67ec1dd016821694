/** Reads rows, consistently and page by page, as plain JavaScript. */
import {
  BatchGetItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  type KeysAndAttributes,
  paginateQuery,
  paginateScan,
} from '@aws-sdk/client-dynamodb';
import type { Row } from '../../model/workload.ts';
import { marshalKey } from './key.ts';
import { unmarshalItem } from './unmarshal.ts';
import { pauseBefore } from './unprocessed.ts';

/** All rows of a table; a concurrent write may or may not be included. */
export async function* readTable(
  client: DynamoDBClient,
  table: string,
  attributes?: readonly string[],
): AsyncGenerator<Row> {
  for await (const page of readTablePages(client, table, attributes)) yield* page;
}

/** `attributes`: only these. Makes the responses smaller, and costs the same. */
export async function* readTablePages(
  client: DynamoDBClient,
  table: string,
  attributes: readonly string[] = [],
): AsyncGenerator<readonly Row[]> {
  const input = { TableName: table, ConsistentRead: true, ...projection(attributes) };
  for await (const { Items = [] } of paginateScan({ client }, input)) {
    yield Items.map(unmarshalItem);
  }
}

/**
 * The rows of one partition in the order of their sort key. `key`: name and text of the partition
 * key.
 */
export async function* readPartition(
  client: DynamoDBClient,
  table: string,
  [name, text]: readonly [name: string, text: string],
  attributes: readonly string[] = [],
): AsyncGenerator<Row> {
  const { ExpressionAttributeNames, ...projected } = projection(attributes);
  const input = {
    TableName: table,
    ConsistentRead: true,
    KeyConditionExpression: '#key = :key',
    ExpressionAttributeNames: { ...ExpressionAttributeNames, '#key': name },
    ExpressionAttributeValues: { ':key': { S: text } },
    ...projected,
  };
  for await (const { Items = [] } of paginateQuery({ client }, input)) {
    yield* Items.map(unmarshalItem);
  }
}

/** Undefined: no such row. */
export async function readRow(
  client: DynamoDBClient,
  { table, key }: RowKey,
): Promise<Row | undefined> {
  const { Item } = await client.send(
    new GetItemCommand({ TableName: table, Key: marshalKey(key), ConsistentRead: true }),
  );
  return Item && unmarshalItem(Item);
}

export interface RowKey {
  readonly table: string;
  readonly key: Row;
}

/** The limit of BatchGetItem. */
const KEYS_MAX = 100;

/** In the order of the keys; undefined where there is no such row. `pause` delays retries. */
export async function readRows(
  client: DynamoDBClient,
  keys: readonly RowKey[],
  pause: (ms: number) => Promise<void>,
): Promise<(Row | undefined)[]> {
  const keyNames = new Map(keys.map(({ table, key }) => [table, Object.keys(key)]));
  const rows = new Map<string, Row>();
  for (let from = 0; from < keys.length; from += KEYS_MAX) {
    const some = Map.groupBy(keys.slice(from, from + KEYS_MAX), ({ table }) => table);
    let requests: Record<string, KeysAndAttributes> = Object.fromEntries(
      [...some].map(([table, ofTable]) => [
        table,
        { Keys: ofTable.map(({ key }) => marshalKey(key)), ConsistentRead: true },
      ]),
    );
    for (let attempt = 1; Object.keys(requests).length > 0; attempt++) {
      await pauseBefore(attempt, pause);
      const { Responses = {}, UnprocessedKeys = {} } = await client.send(
        new BatchGetItemCommand({ RequestItems: requests }),
      );
      for (const [table, items] of Object.entries(Responses)) {
        for (const item of items) {
          const row = unmarshalItem(item);
          const key = keyNames.get(table)?.map((name) => row[name]);
          rows.set(JSON.stringify([table, key]), row);
        }
      }
      requests = UnprocessedKeys;
    }
  }
  return keys.map(({ table, key }) => rows.get(JSON.stringify([table, Object.values(key)])));
}

/** By aliases, because a name may be a reserved word of DynamoDB. No attributes: all of them. */
function projection(attributes: readonly string[]) {
  if (attributes.length === 0) return {};
  const aliases = attributes.map((name, at) => [`#a${at}`, name] as const);
  return {
    ProjectionExpression: aliases.map(([alias]) => alias).join(', '),
    ExpressionAttributeNames: Object.fromEntries(aliases),
  };
}
