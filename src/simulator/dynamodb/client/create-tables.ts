/** Creates tables, and waits until they are active. */
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';

export type TableInput = CreateTableCommandInput & { readonly TableName: string };

/** All at once. `pause` is called between two polls of a table that is not active yet. */
export async function createTables(
  client: DynamoDBClient,
  tables: readonly TableInput[],
  pause: () => Promise<void>,
): Promise<void> {
  await Promise.all(tables.map((table) => createTable(client, table, pause)));
}

const POLLS_MAX = 600;

async function createTable(
  client: DynamoDBClient,
  input: TableInput,
  pause: () => Promise<void>,
): Promise<void> {
  await client.send(new CreateTableCommand(input));
  for (let polls = 0; polls < POLLS_MAX; polls++) {
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
