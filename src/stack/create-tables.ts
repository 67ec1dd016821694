/** Creates the tables of a stack and waits until they can be used. */
import {
  CreateTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import type { TableInput } from './tables.ts';

/** All at once. `pause` is called between two looks at a table that isn't active yet. */
export async function createTables(
  client: DynamoDBClient,
  tables: readonly TableInput[],
  pause: () => Promise<void>,
): Promise<void> {
  await Promise.all(tables.map((table) => createTable(client, table, pause)));
}

const LOOKS_MAX = 600;

async function createTable(
  client: DynamoDBClient,
  input: TableInput,
  pause: () => Promise<void>,
): Promise<void> {
  await client.send(new CreateTableCommand(input));
  for (let looks = 0; looks < LOOKS_MAX; looks++) {
    const { Table: table } = await client.send(
      new DescribeTableCommand({ TableName: input.TableName }),
    );
    const indexes = table?.GlobalSecondaryIndexes ?? [];
    const isActive =
      table?.TableStatus === 'ACTIVE' && indexes.every((index) => index.IndexStatus === 'ACTIVE');
    if (isActive) return;
    await pause();
  }
  throw new Error(`table ${input.TableName} did not become active`);
}
