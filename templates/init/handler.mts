/**
 * The handler under test: any function that takes a Kinesis event and uses the AWS SDK for
 * JavaScript v3, as it would on Lambda. This one counts each view once: the count moves in one
 * transaction with a row that says so.
 */
import {
  DynamoDBClient,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import type { View } from './workload.mts';

const client = new DynamoDBClient({});

interface KinesisEvent {
  readonly Records: readonly {
    readonly kinesis: { readonly data: string; readonly sequenceNumber: string };
  }[];
}

export async function handler(event: KinesisEvent) {
  for (const { kinesis } of event.Records) {
    const view: View = JSON.parse(Buffer.from(kinesis.data, 'base64').toString());
    try {
      await count(view);
    } catch {
      // This record and all after it are delivered again.
      return { batchItemFailures: [{ itemIdentifier: kinesis.sequenceNumber }] };
    }
  }
  return { batchItemFailures: [] };
}

async function count({ id, page }: View): Promise<void> {
  const seen = {
    Put: {
      TableName: process.env['TABLE_SEEN_NAME'],
      Item: { id: { S: id } },
      ConditionExpression: 'attribute_not_exists(id)',
    },
  };
  const more = {
    Update: {
      TableName: process.env['TABLE_PAGES_NAME'],
      Key: { page: { S: page } },
      UpdateExpression: 'ADD #views :one',
      ExpressionAttributeNames: { '#views': 'views' },
      ExpressionAttributeValues: { ':one': { N: '1' } },
    },
  };
  try {
    await client.send(new TransactWriteItemsCommand({ TransactItems: [seen, more] }));
  } catch (error) {
    const isCopy =
      error instanceof TransactionCanceledException &&
      error.CancellationReasons?.[0]?.Code === 'ConditionalCheckFailed';
    if (!isCopy) throw error;
  }
}
