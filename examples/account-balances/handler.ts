/**
 * Keeps the balances right in any order. Each transfer is one transaction, which puts the
 * transfer's row into the ledger and moves the money. The row must not exist yet, so that a copy of
 * the transfer moves nothing.
 */
import { DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import type { Transfer } from './workload.ts';

const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const BALANCES = process.env['TABLE_BALANCES_NAME'] ?? '';
const TRANSFERS = process.env['TABLE_TRANSFERS_NAME'] ?? '';

export async function handler(event: KinesisStreamEvent): Promise<KinesisStreamBatchResponse> {
  for (const { kinesis } of event.Records) {
    const transfer: Transfer = JSON.parse(Buffer.from(kinesis.data, 'base64').toString());
    try {
      await apply(transfer);
    } catch {
      // This record and all after it are delivered again.
      return { batchItemFailures: [{ itemIdentifier: kinesis.sequenceNumber }] };
    }
  }
  return { batchItemFailures: [] };
}

async function apply({ transferId, from, to, amount }: Transfer): Promise<void> {
  const move = (account: string, by: number) => ({
    Update: {
      TableName: BALANCES,
      Key: { account },
      UpdateExpression: 'ADD balance :by',
      ExpressionAttributeValues: { ':by': by },
    },
  });
  const record = {
    Put: {
      TableName: TRANSFERS,
      Item: { transferId, from, to, amount },
      ConditionExpression: 'attribute_not_exists(transferId)',
    },
  };
  try {
    await client.send(
      new TransactWriteCommand({ TransactItems: [record, move(from, -amount), move(to, amount)] }),
    );
  } catch (error) {
    if (!isCopy(error)) throw error;
  }
}

/** The ledger has the transfer: it was applied before, even if the answer to that was lost. */
function isCopy(error: unknown): boolean {
  if (!(error instanceof TransactionCanceledException)) return false;
  return error.CancellationReasons?.[0]?.Code === 'ConditionalCheckFailed';
}
