/** A row's key as DynamoDB takes it: keys are texts and numbers. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Row } from '../../model/workload.ts';

export function marshalKey(key: Row): Record<string, AttributeValue> {
  return Object.fromEntries(
    Object.entries(key).map(([name, value]) => [
      name,
      typeof value === 'number' ? { N: String(value) } : { S: String(value) },
    ]),
  );
}
