/**
 * A score is read, added to and written back: of two at once, one is lost. Brought down by several shards
 * whose products share a user: `--shards 4`.
 */
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { client, parts, SCORES } from './simple.ts';

parts.changeScore = async (userId, role, change) => {
  const Key = { userId: { S: userId }, role: { S: role } };
  const read = new GetItemCommand({ TableName: SCORES, Key, ConsistentRead: true });
  const score = Number((await client.send(read)).Item?.['score']?.N ?? 0);
  return { Put: { TableName: SCORES, Item: { ...Key, score: { N: String(score + change) } } } };
};

export { handler } from './simple.ts';
