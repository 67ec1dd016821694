/**
 * The same view with a bug: the money moves before the ledger is checked, so that a copy moves it
 * again.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { KinesisStreamEvent } from 'aws-lambda';
import type { Transfer } from './workload.ts';

const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const BALANCES = process.env['TABLE_BALANCES_NAME'] ?? '';
const TRANSFERS = process.env['TABLE_TRANSFERS_NAME'] ?? '';

export async function handler(event: KinesisStreamEvent): Promise<void> {
  for (const { kinesis } of event.Records) {
    const transfer: Transfer = JSON.parse(Buffer.from(kinesis.data, 'base64').toString());
    const { transferId, from, to, amount } = transfer;
    await move(from, -amount);
    await move(to, amount);
    const Item = { transferId, from, to, amount };
    await client.send(new PutCommand({ TableName: TRANSFERS, Item }));
  }
}

async function move(account: string, by: number): Promise<void> {
  await client.send(
    new UpdateCommand({
      TableName: BALANCES,
      Key: { account },
      UpdateExpression: 'ADD balance :by',
      ExpressionAttributeValues: { ':by': by },
    }),
  );
}
