/** Reads a creator's score, for probes. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { readRow } from '../../src/simulator/dynamodb/client/read.ts';
import type { ProbeParts } from '../measure/probes.ts';

export function scoreReader(dynamoDb: DynamoDBClient, table: string): ProbeParts['scoreOf'] {
  return async (userId) => {
    const row = await readRow(dynamoDb, { table, key: { userId, role: 'creator' } });
    return Number(row?.['score'] ?? 0);
  };
}
