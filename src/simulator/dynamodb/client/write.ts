/** Puts and deletes items in batches. */
import {
  type AttributeValue,
  BatchWriteItemCommand,
  type DynamoDBClient,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import type { Row } from '../../model/workload.ts';
import { marshalKey } from './key.ts';
import { pauseBefore } from './unprocessed.ts';

/** The limit of BatchWriteItem. */
const ITEMS_MAX = 25;

export interface Batches {
  readonly client: DynamoDBClient;
  readonly table: string;
  /** Delays retries. */
  pause(ms: number): Promise<void>;
}

/** Resolves when all are written, unconditionally. */
export function putItems(
  batches: Batches,
  items: readonly Record<string, AttributeValue>[],
): Promise<void> {
  return write(
    batches,
    items.map((Item) => ({ PutRequest: { Item } })),
  );
}

/** Resolves when all are gone; a missing row is no error. */
export function deleteRows(batches: Batches, keys: readonly Row[]): Promise<void> {
  return write(
    batches,
    keys.map((key) => ({ DeleteRequest: { Key: marshalKey(key) } })),
  );
}

async function write(
  { client, table, pause }: Batches,
  requests: readonly WriteRequest[],
): Promise<void> {
  for (let from = 0; from < requests.length; from += ITEMS_MAX) {
    let some: WriteRequest[] = requests.slice(from, from + ITEMS_MAX);
    for (let attempt = 1; some.length > 0; attempt++) {
      await pauseBefore(attempt, pause);
      const { UnprocessedItems } = await client.send(
        new BatchWriteItemCommand({ RequestItems: { [table]: some } }),
      );
      some = UnprocessedItems?.[table] ?? [];
    }
  }
}
