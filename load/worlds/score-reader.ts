/** Reads a creator's score, for probes. */
import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { ProbeParts } from '../measure/probes.ts';

export function scoreReader(dynamoDb: DynamoDBClient, table: string): ProbeParts['scoreOf'] {
  return async (userId) => {
    const { Item } = await dynamoDb.send(
      new GetItemCommand({
        TableName: table,
        Key: { userId: { S: userId }, role: { S: 'creator' } },
        ConsistentRead: true,
      }),
    );
    return Number(Item?.['score']?.N ?? 0);
  };
}
