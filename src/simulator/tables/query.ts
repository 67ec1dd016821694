/** The rows of one partition, as plain JavaScript. */
import { type AttributeValue, type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { Row } from '../workload/workload.ts';
import { unmarshalItem } from './unmarshal.ts';

/** All pages, read consistently. `key`: the partition key's name and its text. */
export async function queryTable(
  client: DynamoDBClient,
  table: string,
  [name, text]: readonly [name: string, text: string],
): Promise<Row[]> {
  const rows: Row[] = [];
  let from: Record<string, AttributeValue> | undefined;
  do {
    const page = await client.send(
      new QueryCommand({
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: '#key = :key',
        ExpressionAttributeNames: { '#key': name },
        ExpressionAttributeValues: { ':key': { S: text } },
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      }),
    );
    rows.push(...(page.Items ?? []).map(unmarshalItem));
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return rows;
}
