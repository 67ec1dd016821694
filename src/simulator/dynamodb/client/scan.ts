/** Rows of a table, as plain JavaScript: page by page, read consistently. */
import { type DynamoDBClient, paginateQuery, paginateScan } from '@aws-sdk/client-dynamodb';
import type { Row } from '../../model/workload.ts';
import { unmarshalItem } from './unmarshal.ts';

/** All of them; what is written meanwhile may or may not be among them. */
export async function* scanTable(
  client: DynamoDBClient,
  table: string,
  attributes?: readonly string[],
): AsyncGenerator<Row> {
  for await (const page of scanPages(client, table, attributes)) yield* page;
}

/** As `scanTable`, of each row only these attributes; that makes answers smaller, and costs the same. */
export async function* scanPages(
  client: DynamoDBClient,
  table: string,
  attributes: readonly string[] = [],
): AsyncGenerator<readonly Row[]> {
  const input = { TableName: table, ConsistentRead: true, ...projection(attributes) };
  for await (const { Items = [] } of paginateScan({ client }, input)) {
    yield Items.map(unmarshalItem);
  }
}

/** Those of one partition, in the order of their sort key. `key`: the partition key's name and its text. */
export async function* queryTable(
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

/** None are all. By aliases, because any name may be one of DynamoDB's words. */
function projection(attributes: readonly string[]) {
  if (attributes.length === 0) return {};
  const aliases = attributes.map((name, at) => [`#a${at}`, name] as const);
  return {
    ProjectionExpression: aliases.map(([alias]) => alias).join(', '),
    ExpressionAttributeNames: Object.fromEntries(aliases),
  };
}
