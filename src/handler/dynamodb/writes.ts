/** The requests that write. */
import {
  BatchWriteItemCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Commit } from '../domain/commit.ts';
import type { MalformedRecord } from '../domain/malformed-record.ts';
import type { Product } from '../domain/product.ts';
import { type ScoreTransfer, sumScores } from '../domain/score-transfer.ts';
import type { CommittedPurchase, PurchaseKey, RecountPage } from '../view-store.ts';
import {
  type Item,
  productOf,
  purchaseItem,
  purchaseKeyOf,
  quarantineItem,
  textOf,
} from './items.ts';
import type { Tables } from './tables.ts';
import type { RowUpdate } from './update-expression.ts';
import { commitUpdate, pageUpdate, scoreUpdate, transferUpdate } from './updates.ts';

export async function commit(
  tables: Tables,
  planned: Commit,
  abortSignal: AbortSignal,
): Promise<Product> {
  return updateProduct(tables, commitUpdate(planned), abortSignal);
}

export async function commitPage(
  tables: Tables,
  page: RecountPage,
  abortSignal: AbortSignal,
): Promise<Product> {
  return updateProduct(tables, pageUpdate(page), abortSignal);
}

async function updateProduct(
  { client, names }: Tables,
  update: RowUpdate,
  abortSignal: AbortSignal,
): Promise<Product> {
  const { Attributes } = await client.send(
    new UpdateItemCommand({
      TableName: names.contributions,
      ReturnValues: 'ALL_NEW',
      ...update,
    }),
    { abortSignal },
  );
  return productOf(Attributes ?? {});
}

export async function transferScores(
  { client, names }: Tables,
  transfers: readonly ScoreTransfer[],
  abortSignal: AbortSignal,
): Promise<void> {
  const scores = sumScores(transfers);
  const [only] = transfers;
  if (only !== undefined && transfers.length === 1 && scores.length === 0) {
    const update = transferUpdate(only);
    await client.send(new UpdateItemCommand({ TableName: names.contributions, ...update }), {
      abortSignal,
    });
    return;
  }
  const actions = [
    ...transfers.map((each) => ({
      Update: { TableName: names.contributions, ...transferUpdate(each) },
    })),
    ...scores.map((change) => ({ Update: { TableName: names.scores, ...scoreUpdate(change) } })),
  ];
  await client.send(new TransactWriteItemsCommand({ TransactItems: actions }), { abortSignal });
}

export async function writePurchases(
  tables: Tables,
  purchases: readonly CommittedPurchase[],
  abortSignal: AbortSignal,
): Promise<PurchaseKey[]> {
  const items = purchases.map(({ purchase, revision }) => purchaseItem(purchase, revision));
  const unprocessed = await putAll(tables, tables.names.events, items, abortSignal);
  return unprocessed.map(purchaseKeyOf);
}

export async function quarantine(
  tables: Tables,
  records: readonly MalformedRecord[],
  abortSignal: AbortSignal,
): Promise<string[]> {
  const items = records.map(quarantineItem);
  const unprocessed = await putAll(tables, tables.names.quarantine, items, abortSignal);
  return unprocessed.map((item) => textOf(item, 'record') ?? '');
}

/** Returns the unprocessed items. */
async function putAll(
  { client }: Tables,
  table: string,
  items: readonly Item[],
  abortSignal: AbortSignal,
): Promise<Item[]> {
  const { UnprocessedItems } = await client.send(
    new BatchWriteItemCommand({
      RequestItems: { [table]: items.map((Item) => ({ PutRequest: { Item } })) },
    }),
    { abortSignal },
  );
  return (UnprocessedItems?.[table] ?? []).map((request) => request.PutRequest?.Item ?? {});
}
