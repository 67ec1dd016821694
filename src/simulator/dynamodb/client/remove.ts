/** Removes items by their keys. */
import {
  type AttributeValue,
  BatchWriteItemCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';

/** DynamoDB's limit for one request. */
const ITEMS_PER_WRITE = 25;
const ATTEMPTS_MAX = 12;

export type Key = Readonly<Record<string, AttributeValue>>;

/** Resolves when all of them are gone; one that wasn't there is no error. */
export async function removeItems(
  client: DynamoDBClient,
  table: string,
  keys: readonly Key[],
  pause: (ms: number) => Promise<void>,
): Promise<void> {
  for (let at = 0; at < keys.length; at += ITEMS_PER_WRITE) {
    let requests = keys.slice(at, at + ITEMS_PER_WRITE).map((Key) => ({ DeleteRequest: { Key } }));
    for (let attempt = 1; requests.length > 0; attempt++) {
      const { UnprocessedItems } = await client.send(
        new BatchWriteItemCommand({ RequestItems: { [table]: requests } }),
      );
      requests = (UnprocessedItems?.[table] ?? []).flatMap(({ DeleteRequest }) =>
        DeleteRequest?.Key === undefined ? [] : [{ DeleteRequest: { Key: DeleteRequest.Key } }],
      );
      if (requests.length === 0) break;
      if (attempt === ATTEMPTS_MAX) {
        throw new Error(`${requests.length} rows of ${table} could not be removed: throttled`);
      }
      await pause(50 * 2 ** attempt);
    }
  }
}
