/** The requests that read. All are consistent: a stale answer would count a copy again. */
import { BatchGetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { emptyProduct, type Product, type RoleRecount } from '../domain/product.ts';
import type { PurchaseKey, PurchaseRows, RecountPage } from '../view-store.ts';
import { numberOf, productOf, purchaseKeyOf, REVISION, textOf } from './items.ts';
import type { Tables } from './tables.ts';

export async function readProducts(
  { client, names }: Tables,
  productIds: readonly string[],
  abortSignal: AbortSignal,
): Promise<Product[]> {
  const { Responses, UnprocessedKeys } = await client.send(
    new BatchGetItemCommand({
      RequestItems: {
        [names.contributions]: {
          Keys: productIds.map((productId) => ({ productId: { S: productId } })),
          ConsistentRead: true,
        },
      },
    }),
    { abortSignal },
  );
  const products = new Map<string, Product>();
  for (const item of Responses?.[names.contributions] ?? []) {
    const product = productOf(item);
    products.set(product.productId, product);
  }
  const unprocessed = new Set<string>();
  for (const key of UnprocessedKeys?.[names.contributions]?.Keys ?? []) {
    unprocessed.add(textOf(key, 'productId') ?? '');
  }
  return productIds
    .filter((productId) => !unprocessed.has(productId))
    .map((productId) => products.get(productId) ?? emptyProduct(productId));
}

export async function readPurchases(
  { client, names }: Tables,
  keys: readonly PurchaseKey[],
  abortSignal: AbortSignal,
): Promise<PurchaseRows> {
  const { Responses, UnprocessedKeys } = await client.send(
    new BatchGetItemCommand({
      RequestItems: {
        [names.events]: {
          Keys: keys.map(({ productId, eventId }) => ({
            productId: { S: productId },
            eventId: { S: eventId },
          })),
          ConsistentRead: true,
          ProjectionExpression: 'productId, eventId, #rev',
          ExpressionAttributeNames: { '#rev': REVISION },
        },
      },
    }),
    { abortSignal },
  );
  return {
    stored: (Responses?.[names.events] ?? []).map((item) => ({
      ...purchaseKeyOf(item),
      revision: numberOf(item, REVISION),
    })),
    unprocessed: (UnprocessedKeys?.[names.events]?.Keys ?? []).map(purchaseKeyOf),
  };
}

export async function countPage(
  { client, names, pageItemsMax }: Tables,
  recount: RoleRecount,
  abortSignal: AbortSignal,
): Promise<RecountPage> {
  const { productId, revision, after, upTo } = recount;
  const range = upTo === undefined ? 'eventId >= :after' : 'eventId BETWEEN :after AND :upTo';
  const { Count, LastEvaluatedKey } = await client.send(
    new QueryCommand({
      TableName: names.events,
      Select: 'COUNT',
      ConsistentRead: true,
      KeyConditionExpression: `productId = :productId AND ${range}`,
      FilterExpression: '#rev < :rev',
      ExpressionAttributeNames: { '#rev': REVISION },
      ExpressionAttributeValues: {
        ':productId': { S: productId },
        ':after': { S: after },
        ...(upTo === undefined ? {} : { ':upTo': { S: upTo } }),
        ':rev': { N: String(revision) },
      },
      // Excludes `after` itself: a purchase with the holder's own event id is not credited.
      ExclusiveStartKey: { productId: { S: productId }, eventId: { S: after } },
      ...(pageItemsMax === undefined ? {} : { Limit: pageItemsMax }),
    }),
    { abortSignal },
  );
  const last = LastEvaluatedKey && textOf(LastEvaluatedKey, 'eventId');
  return { recount, counted: Count ?? 0, last };
}
