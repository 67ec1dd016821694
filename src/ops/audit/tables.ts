/** What an audit reads: each function is a request, or its pages; all of them consistent. */
import {
  type AttributeValue,
  BatchGetItemCommand,
  type DynamoDBClient,
  GetItemCommand,
} from '@aws-sdk/client-dynamodb';
import { queryTable, scanPages, scanTable } from '../../simulator/dynamodb/client/scan.ts';
import type { Row } from '../../simulator/model/workload.ts';
import { type StoredPurchase, whole } from './stored.ts';

export interface AuditNames {
  readonly contributions: string;
  readonly scores: string;
  readonly events: string;
}

export type Item = Record<string, AttributeValue>;
export type AuditTables = ReturnType<typeof createAuditTables>;

/** DynamoDB's limit for one request. */
export const KEYS_PER_GET = 100;

export function createAuditTables(client: DynamoDBClient, names: AuditNames) {
  return {
    products: (): AsyncIterable<Row> => scanTable(client, names.contributions),

    scores: (): AsyncIterable<Row> => scanTable(client, names.scores),

    /** A product's row as it is; undefined: none. */
    async product(productId: string): Promise<Item | undefined> {
      const { Item } = await client.send(
        new GetItemCommand({
          TableName: names.contributions,
          Key: { productId: { S: productId } },
          ConsistentRead: true,
        }),
      );
      return Item;
    },

    async *purchases(productId: string): AsyncGenerator<StoredPurchase> {
      const key = ['productId', productId] as const;
      for await (const row of queryTable(client, names.events, key, ['eventId', '_rev'])) {
        yield { eventId: String(row['eventId']), revision: whole(row['_rev']) };
      }
    },

    /** The products that have purchases, page by page; one may come on several pages. */
    async *productsOfEvents(): AsyncGenerator<ReadonlySet<string>> {
      for await (const page of scanPages(client, names.events, ['productId'])) {
        yield new Set(page.map((row) => String(row['productId'])));
      }
    },

    /** Those of at most 100 products that have a row; undefined: not all were answered for. */
    async withRow(productIds: readonly string[]): Promise<ReadonlySet<string> | undefined> {
      const { Responses, UnprocessedKeys } = await client.send(
        new BatchGetItemCommand({
          RequestItems: {
            [names.contributions]: {
              Keys: productIds.map((productId) => ({ productId: { S: productId } })),
              ConsistentRead: true,
              ProjectionExpression: 'productId',
            },
          },
        }),
      );
      if (UnprocessedKeys?.[names.contributions] !== undefined) return undefined;
      const found = Responses?.[names.contributions] ?? [];
      return new Set(found.map((item) => item['productId']?.S ?? ''));
    },
  };
}
