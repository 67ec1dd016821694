/**
 * The edge to DynamoDB: each function is one request, and decides nothing. Errors are DynamoDB's own.
 * Sources of the limits: the developer guide's "Service, account, and table quotas".
 */
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  type DynamoDBClient,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Purchase } from '../domain/event.ts';
import { type MalformedRecord, quarantineItem } from '../domain/malformed-record.ts';
import {
  type Product,
  type Recording,
  type Role,
  type Settlement,
  unknownProduct,
} from '../domain/product.ts';
import {
  type Item,
  numberOf,
  PRODUCT,
  productOf,
  purchaseItem,
  RECORDED_AT,
  recountItem,
  textOf,
} from './items.ts';
import { recordingUpdate, scoreUpdate, settlementUpdate, sumScores } from './updates.ts';

export interface TableNames {
  readonly contributions: string;
  readonly scores: string;
  readonly events: string;
  readonly quarantine: string;
}

/** DynamoDB's limits: keys of one BatchGetItem, items of one BatchWriteItem. */
export const KEYS_PER_GET = 100;
export const ITEMS_PER_WRITE = 25;

export interface PurchaseKey {
  readonly productId: string;
  readonly eventId: string;
}

export interface StoredPurchase {
  readonly purchase: Purchase;
  readonly revision: number;
}

export interface RecountPage {
  readonly product: Product;
  readonly role: Role;
  readonly counted: number;
  /** The last event id of the page; undefined: there are no more. */
  readonly last: string | undefined;
}

export type Tables = ReturnType<typeof createTables>;

/** `pageItemsMax` cuts a query's pages shorter than DynamoDB's 1 MB; for tests. */
export function createTables(client: DynamoDBClient, names: TableNames, pageItemsMax?: number) {
  return {
    /** Rows of at most 100 products, as of now. Those not answered for are in neither list. */
    async readProducts(
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
      const unanswered = new Set<string>();
      for (const key of UnprocessedKeys?.[names.contributions]?.Keys ?? []) {
        unanswered.add(textOf(key, 'productId') ?? '');
      }
      return productIds
        .filter((productId) => !unanswered.has(productId))
        .map((productId) => products.get(productId) ?? unknownProduct(productId));
    },

    /** Which of at most 100 purchases are stored, as of now, and who has not been answered for. */
    async findPurchases(
      keys: readonly PurchaseKey[],
      abortSignal: AbortSignal,
    ): Promise<{
      readonly found: readonly (PurchaseKey & { readonly revision: number })[];
      readonly unanswered: readonly PurchaseKey[];
    }> {
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
              ExpressionAttributeNames: { '#rev': RECORDED_AT },
            },
          },
        }),
        { abortSignal },
      );
      return {
        found: (Responses?.[names.events] ?? []).map((item) => ({
          ...purchaseKey(item),
          revision: numberOf(item, RECORDED_AT),
        })),
        unanswered: (UnprocessedKeys?.[names.events]?.Keys ?? []).map(purchaseKey),
      };
    },

    /** Writes at most 25 purchases' rows; a second time changes nothing. Answers those not written. */
    async putPurchases(
      purchases: readonly StoredPurchase[],
      abortSignal: AbortSignal,
    ): Promise<PurchaseKey[]> {
      const unwritten = await putAll(
        names.events,
        purchases.map(({ purchase, revision }) => purchaseItem(purchase, revision)),
        abortSignal,
      );
      return unwritten.map(purchaseKey);
    },

    /** Writes at most 25 malformed records; answers the `record` of those not written. */
    async quarantine(
      records: readonly MalformedRecord[],
      abortSignal: AbortSignal,
    ): Promise<string[]> {
      const unwritten = await putAll(names.quarantine, records.map(quarantineItem), abortSignal);
      return unwritten.map((item) => textOf(item, 'record') ?? '');
    },

    /** Throws `ConditionalCheckFailedException` if the row is not at the revision that was planned for. */
    async record(recording: Recording, abortSignal: AbortSignal): Promise<Product> {
      const { Attributes } = await client.send(
        new UpdateItemCommand({
          TableName: names.contributions,
          ReturnValues: 'ALL_NEW',
          ...recordingUpdate(recording),
        }),
        { abortSignal },
      );
      return productOf(Attributes ?? {});
    },

    /** Counts one page of the purchases that a recount is about. */
    async countPage(product: Product, role: Role, abortSignal: AbortSignal): Promise<RecountPage> {
      const recount = product[role].recount;
      if (recount === undefined) throw new Error('there is nothing to recount');
      const { productId } = product;
      const range =
        recount.upTo === undefined ? 'eventId >= :after' : 'eventId BETWEEN :after AND :upTo';
      const { Count, LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName: names.events,
          Select: 'COUNT',
          ConsistentRead: true,
          KeyConditionExpression: `productId = :productId AND ${range}`,
          FilterExpression: '#rev < :rev',
          ExpressionAttributeNames: { '#rev': RECORDED_AT },
          ExpressionAttributeValues: {
            ':productId': { S: productId },
            ':after': { S: recount.after },
            ...(recount.upTo === undefined ? {} : { ':upTo': { S: recount.upTo } }),
            ':rev': { N: String(recount.revision) },
          },
          // It leaves out `after` itself: a purchase with the contributor's own event id is not credited.
          ExclusiveStartKey: { productId: { S: productId }, eventId: { S: recount.after } },
          ...(pageItemsMax === undefined ? {} : { Limit: pageItemsMax }),
        }),
        { abortSignal },
      );
      const last = LastEvaluatedKey && textOf(LastEvaluatedKey, 'eventId');
      return { product, role, counted: Count ?? 0, last };
    },

    /** Throws `ConditionalCheckFailedException` if somebody else has counted this page. */
    async recordPage(page: RecountPage, abortSignal: AbortSignal): Promise<Product> {
      const recount = page.product[page.role].recount;
      if (recount === undefined) throw new Error('there is nothing to recount');
      const { sales, recount: marker } = PRODUCT[page.role];
      const { Attributes } = await client.send(
        new UpdateItemCommand({
          TableName: names.contributions,
          Key: { productId: { S: page.product.productId } },
          ReturnValues: 'ALL_NEW',
          ConditionExpression: '#recount = :seen',
          UpdateExpression: `ADD #sales :counted ${
            page.last === undefined ? 'REMOVE #recount' : 'SET #recount.#after = :last'
          }`,
          ExpressionAttributeNames: {
            '#recount': marker,
            '#sales': sales,
            ...(page.last === undefined ? {} : { '#after': 'after' }),
          },
          ExpressionAttributeValues: {
            ':seen': recountItem(recount),
            ':counted': { N: String(page.counted) },
            ...(page.last === undefined ? {} : { ':last': { S: page.last } }),
          },
        }),
        { abortSignal },
      );
      return productOf(Attributes ?? {});
    },

    /** Several products' settlements as one: all of it happens or none. */
    async settle(settlements: readonly Settlement[], abortSignal: AbortSignal): Promise<void> {
      const scores = sumScores(settlements);
      const [only] = settlements;
      if (only !== undefined && settlements.length === 1 && scores.length === 0) {
        const update = settlementUpdate(only);
        await client.send(new UpdateItemCommand({ TableName: names.contributions, ...update }), {
          abortSignal,
        });
        return;
      }
      const actions = [
        ...settlements.map((each) => ({
          Update: { TableName: names.contributions, ...settlementUpdate(each) },
        })),
        ...scores.map((change) => ({
          Update: { TableName: names.scores, ...scoreUpdate(change) },
        })),
      ];
      await client.send(new TransactWriteItemsCommand({ TransactItems: actions }), {
        abortSignal,
      });
    },
  };

  /** Answers the items that were not written. */
  async function putAll(table: string, items: readonly Item[], abortSignal: AbortSignal) {
    const { UnprocessedItems } = await client.send(
      new BatchWriteItemCommand({
        RequestItems: { [table]: items.map((Item) => ({ PutRequest: { Item } })) },
      }),
      { abortSignal },
    );
    return (UnprocessedItems?.[table] ?? []).map((request) => request.PutRequest?.Item ?? {});
  }
}

function purchaseKey(item: Item): PurchaseKey {
  return { productId: textOf(item, 'productId') ?? '', eventId: textOf(item, 'eventId') ?? '' };
}
