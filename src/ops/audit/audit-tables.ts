/** The reads of an audit; all of them consistent. */
import { type AttributeValue, type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import {
  readPartition,
  readRows,
  readTable,
  readTablePages,
} from '../../simulator/dynamodb/client/read.ts';
import { unmarshalItem } from '../../simulator/dynamodb/client/unmarshal.ts';
import type { Row } from '../../simulator/model/workload.ts';
import { type StoredPurchase, whole } from './stored-product.ts';

/** Real names. */
export interface AuditNames {
  readonly contributions: string;
  readonly scores: string;
  readonly events: string;
}

export type Item = Record<string, AttributeValue>;
export type AuditTables = ReturnType<typeof createAuditTables>;

export function createAuditTables(
  client: DynamoDBClient,
  names: AuditNames,
  pause: (ms: number) => Promise<void>,
) {
  /** With its attributes as DynamoDB has them. */
  const productItem = async (productId: string): Promise<Item | undefined> => {
    const { Item } = await client.send(
      new GetItemCommand({
        TableName: names.contributions,
        Key: { productId: { S: productId } },
        ConsistentRead: true,
      }),
    );
    return Item;
  };
  return {
    products: (): AsyncIterable<Row> => readTable(client, names.contributions),

    scores: (): AsyncIterable<Row> => readTable(client, names.scores),

    productItem,

    async product(productId: string): Promise<Row | undefined> {
      const item = await productItem(productId);
      return item && unmarshalItem(item);
    },

    async *purchases(productId: string): AsyncGenerator<StoredPurchase> {
      const key = ['productId', productId] as const;
      for await (const row of readPartition(client, names.events, key, ['eventId', '_rev'])) {
        yield { eventId: String(row['eventId']), revision: whole(row['_rev']) };
      }
    },

    /** The products that have purchases, page by page; one may be on several pages. */
    async *productsOfEvents(): AsyncGenerator<ReadonlySet<string>> {
      for await (const page of readTablePages(client, names.events, ['productId'])) {
        yield new Set(page.map((row) => String(row['productId'])));
      }
    },

    /** Those that have no row in Contributions. */
    async withoutRow(productIds: readonly string[]): Promise<readonly string[]> {
      const keys = productIds.map((productId) => ({
        table: names.contributions,
        key: { productId },
      }));
      const rows = await readRows(client, keys, pause);
      return productIds.filter((_, at) => rows[at] === undefined);
    },
  };
}
