/**
 * The edge to DynamoDB: each function is one request, and decides nothing. Errors are DynamoDB's own.
 * Sources of the limits: the developer guide's "Service, account, and table quotas".
 */
import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  type DynamoDBClient,
  QueryCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  type Update,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Purchase } from './event.ts';
import {
  type Product,
  type Recording,
  ROLES,
  type Role,
  type Settlement,
  unknownProduct,
} from './product.ts';
import { type MalformedRecord, quarantineItem } from './quarantine.ts';
import {
  debtItem,
  type Item,
  numberOf,
  PRODUCT,
  pendingItem,
  productOf,
  purchaseItem,
  RECORDED_AT,
  recountItem,
  textOf,
} from './rows.ts';

export interface TableNames {
  readonly contributions: string;
  readonly scores: string;
  readonly events: string;
  readonly quarantine: string;
}

/** Keys of one BatchGetItem, items of one BatchWriteItem, actions of one TransactWriteItems. */
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
      const products = settlements.map(
        (settlement): TransactWriteItem => ({
          Update: { TableName: names.contributions, ...settlementUpdate(settlement) },
        }),
      );
      const users = scores.map(
        ({ userId, role, change }): TransactWriteItem => ({
          Update: {
            TableName: names.scores,
            Key: { userId: { S: userId }, role: { S: role } },
            UpdateExpression: 'ADD #score :change',
            ExpressionAttributeNames: { '#score': 'score' },
            ExpressionAttributeValues: { ':change': { N: String(change) } },
          },
        }),
      );
      await client.send(new TransactWriteItemsCommand({ TransactItems: [...products, ...users] }), {
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

/** The Scores rows of several settlements: each once, products first, as a transaction lists them. */
export function sumScores(settlements: readonly Settlement[]) {
  const sums = new Map<string, { userId: string; role: Role; change: number }>();
  for (const { scores } of settlements) {
    for (const { userId, role, change } of scores) {
      const key = `${role} ${userId}`;
      const sum = sums.get(key);
      if (sum === undefined) sums.set(key, { userId, role, change });
      else sum.change += change;
    }
  }
  return [...sums.values()].filter(({ change }) => change !== 0);
}

function purchaseKey(item: Item): PurchaseKey {
  return { productId: textOf(item, 'productId') ?? '', eventId: textOf(item, 'eventId') ?? '' };
}

type RowUpdate = Omit<Update, 'TableName'>;

function recordingUpdate(recording: Recording): RowUpdate {
  const { productId, revision, turn, purchases, salesAdded, switches } = recording;
  const next = revision + 1;
  const update = createUpdate(productId);
  update.set(PRODUCT.revision, { N: String(next) });
  update.set(PRODUCT.pending, pendingItem(next, purchases));
  for (const role of ROLES) {
    const names = PRODUCT[role];
    if (salesAdded[role] > 0) update.add(names.sales, salesAdded[role]);
    const change = switches[role];
    if (change === undefined) continue;
    update.set(names.holder, { S: change.holder.origin });
    update.set(names.eventId, { S: change.holder.eventId });
    update.set(names.settled, { N: '0' });
    if (change.recount) update.set(names.recount, recountItem(change.recount));
  }
  const debts = ROLES.flatMap((role) => switches[role]?.debt ?? []);
  if (debts.length > 0) update.append(PRODUCT.debts, debts.map(debtItem));
  if (turn !== undefined) update.set(PRODUCT.turn, { N: String(turn + 1) });
  if (turn !== undefined) update.requireNumber(PRODUCT.turn, turn);
  update.requireNumber(PRODUCT.revision, revision);
  return update.build();
}

function settlementUpdate(settlement: Settlement): RowUpdate {
  const { productId, turn, settled, written } = settlement;
  const update = createUpdate(productId);
  if (turn !== undefined) {
    update.set(PRODUCT.turn, { N: String(turn + 1) });
    for (const role of ROLES) update.set(PRODUCT[role].settled, { N: String(settled[role]) });
    update.remove(PRODUCT.debts);
    update.requireNumber(PRODUCT.turn, turn);
  }
  if (written !== undefined) update.remove(PRODUCT.pending, String(written));
  return update.build();
}

/** Collects the parts of an update expression; names and values are never part of its text. */
function createUpdate(productId: string) {
  const names: Record<string, string> = {};
  const values: Record<string, AttributeValue> = {};
  const sets: string[] = [];
  const adds: string[] = [];
  const removes: string[] = [];
  const conditions: string[] = [];
  const placeholders = new Map<string, string>();
  const name = (attribute: string): string => {
    const known = placeholders.get(attribute);
    if (known !== undefined) return known;
    const placeholder = `#${placeholders.size}`;
    placeholders.set(attribute, placeholder);
    names[placeholder] = attribute;
    return placeholder;
  };
  const value = (content: AttributeValue): string => {
    const placeholder = `:${Object.keys(values).length}`;
    values[placeholder] = content;
    return placeholder;
  };
  return {
    set(attribute: string, content: AttributeValue) {
      sets.push(`${name(attribute)} = ${value(content)}`);
    },
    append(attribute: string, list: AttributeValue[]) {
      const old = `if_not_exists(${name(attribute)}, ${value({ L: [] })})`;
      sets.push(`${name(attribute)} = list_append(${old}, ${value({ L: list })})`);
    },
    add(attribute: string, amount: number) {
      adds.push(`${name(attribute)} ${value({ N: String(amount) })}`);
    },
    remove(...path: string[]) {
      removes.push(path.map(name).join('.'));
    },
    /** 0 is what a missing attribute counts as. */
    requireNumber(attribute: string, content: number) {
      conditions.push(
        content === 0
          ? `(attribute_not_exists(${name(attribute)}) OR ${name(attribute)} = ${value({ N: '0' })})`
          : `${name(attribute)} = ${value({ N: String(content) })}`,
      );
    },
    build(): RowUpdate {
      const clause = (word: string, parts: string[]) =>
        parts.length === 0 ? [] : [`${word} ${parts.join(', ')}`];
      return {
        Key: { productId: { S: productId } },
        UpdateExpression: [
          ...clause('SET', sets),
          ...clause('ADD', adds),
          ...clause('REMOVE', removes),
        ].join(' '),
        ...(conditions.length === 0 ? {} : { ConditionExpression: conditions.join(' AND ') }),
        ExpressionAttributeNames: names,
        ...(conditions.length === 0 ? {} : { ExpressionAttributeValues: values }),
      };
    },
  };
}
