/** All rows of a table, as plain JavaScript. */
import { type AttributeValue, type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { Row } from '../workload/workload.ts';
import { unmarshalItem } from './unmarshal.ts';

/** Page by page, read consistently; what is written meanwhile may or may not be among them. */
export async function* scanTable(client: DynamoDBClient, table: string): AsyncGenerator<Row> {
  let from: Record<string, AttributeValue> | undefined;
  do {
    const page = await client.send(
      new ScanCommand({
        TableName: table,
        ConsistentRead: true,
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      }),
    );
    for (const item of page.Items ?? []) yield unmarshalItem(item);
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
}
