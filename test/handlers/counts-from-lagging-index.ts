/**
 * It looks up a score in the index ScoresByRole and writes it back with what is added. Where it is alone
 * (one shard) only the index's lag makes that wrong: brought down by `--shards 1 --fault index-lag=0.3`.
 */
import { type AttributeValue, QueryCommand } from '@aws-sdk/client-dynamodb';
import { client, type Item, parts, SCORES } from './simple.ts';

parts.changeScore = async (userId, role, change) => {
  const Key = { userId: { S: userId }, role: { S: role } };
  const score = Number((await findScore(userId, role))?.N ?? 0);
  return { Put: { TableName: SCORES, Item: { ...Key, score: { N: String(score + change) } } } };
};

async function findScore(userId: string, role: string): Promise<AttributeValue | undefined> {
  let from: Item | undefined;
  do {
    const page = await client.send(
      new QueryCommand({
        TableName: SCORES,
        IndexName: 'ScoresByRole',
        KeyConditionExpression: '#role = :role',
        FilterExpression: 'userId = :userId',
        ExpressionAttributeNames: { '#role': 'role' },
        ExpressionAttributeValues: { ':role': { S: role }, ':userId': { S: userId } },
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      }),
    );
    const [item] = page.Items ?? [];
    if (item !== undefined) return item['score'];
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return undefined;
}

export { handler } from './simple.ts';
