/** Handlers that put each entry, and do something beside. */
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Context, KinesisStreamEvent } from 'aws-lambda';

const dynamo = new DynamoDBClient({});
const sqs = new SQSClient({});
const QueueUrl = 'https://sqs.us-east-1.amazonaws.com/123456789012/entries';

async function put({ Records }: KinesisStreamEvent): Promise<void> {
  for (const { kinesis } of Records) {
    const { id } = JSON.parse(Buffer.from(kinesis.data, 'base64').toString());
    await dynamo.send(
      new PutItemCommand({ TableName: process.env['ENTRIES'] ?? '', Item: { id: { S: id } } }),
    );
  }
}

export async function right(event: KinesisStreamEvent): Promise<void> {
  await put(event);
}

export async function sends(event: KinesisStreamEvent): Promise<void> {
  await put(event);
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'done' }));
}

export async function reads(event: KinesisStreamEvent): Promise<void> {
  try {
    await sqs.send(new GetQueueUrlCommand({ QueueName: 'entries' }));
  } catch {
    // Swallowed: the run must end all the same.
  }
  await put(event);
}

export async function environment(event: KinesisStreamEvent, context: Context): Promise<void> {
  const { getRemainingTimeInMillis: _, ...rest } = context;
  const variables = Object.fromEntries(Object.entries(process.env).sort());
  console.log(JSON.stringify({ variables, context: { ...rest, awsRequestId: '' } }));
  await put(event);
}

export async function loops(event: KinesisStreamEvent): Promise<void> {
  await put(event);
  for (;;);
}

export async function throws(): Promise<void> {
  const nothing = undefined as unknown as { readonly foo: string };
  console.log(nothing.foo);
}

/** The old way, which nodejs24.x ignores. */
export function succeeds(
  event: KinesisStreamEvent,
  context: { succeed?(result: string): void },
): void {
  put(event).then(
    () => context.succeed?.('done'),
    () => {},
  );
}
