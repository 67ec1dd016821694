/** Writes and reads with a document client that it creates. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';

const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const TableName = process.env['TABLE_SCORES_NAME'];
const Key = { userId: 'user', role: 'creator' };

export async function handler() {
  const Item = { ...Key, score: 7, tags: new Set(['a']) };
  const sent = client.send(new PutCommand({ TableName, Item }));
  // Too late: the request is in flight.
  Item.score = 8;
  await sent;
  const { Item: found } = await client.send(new GetCommand({ TableName, Key }));
  console.log(`${found?.['score']} ${Array.from(found?.['tags'] ?? []).join()}`);
}
