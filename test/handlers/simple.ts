/**
 * A handler that is right, simple and slow: one transaction an event, everything recounted from
 * Events. The known-bad handlers beside it each replace one of its parts by what people write
 * instead; as it stands it converges, so that what they show is that one part's doing.
 */
import {
  type AttributeValue,
  DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';

export type Role = 'creator' | 'photographer';
export interface GameEvent {
  readonly origin: string;
  readonly timeOrigin: string;
  readonly eventId: string;
  readonly data: { readonly schema: string; readonly id: string };
}
export type Item = Record<string, AttributeValue>;

export const client = new DynamoDBClient({});
export const CONTRIBUTIONS = process.env['TABLE_CONTRIBUTIONS_NAME'] ?? '';
export const SCORES = process.env['TABLE_SCORES_NAME'] ?? '';
export const EVENTS = process.env['TABLE_EVENTS_NAME'] ?? '';

export const parts = {
  /** Whether a registration takes the role from its present holder. */
  takesRole(product: Item, role: Role, event: GameEvent): boolean {
    const [holder, since] = [product[role]?.S, product[`${role}EventId`]?.S];
    if (holder === undefined || since === undefined || event.eventId < since) return true;
    // Of two with one event id, the smaller origin, as bytes.
    return (
      event.eventId === since && Buffer.compare(Buffer.from(event.origin), Buffer.from(holder)) < 0
    );
  },

  /** Stores a purchase, once. */
  putPurchase(event: GameEvent): TransactWriteItem {
    return {
      Put: {
        TableName: EVENTS,
        Item: {
          productId: { S: event.data.id },
          eventId: { S: event.eventId },
          origin: { S: event.origin },
          timeOrigin: { S: event.timeOrigin },
        },
        ConditionExpression: 'attribute_not_exists(eventId)',
      },
    };
  },

  async changeScore(userId: string, role: Role, change: number): Promise<TransactWriteItem> {
    return {
      Update: {
        TableName: SCORES,
        Key: { userId: { S: userId }, role: { S: role } },
        UpdateExpression: 'ADD score :change',
        ExpressionAttributeValues: { ':change': { N: String(change) } },
      },
    };
  },

  /** The product's purchases after an event id. */
  async countAfter(productId: string, eventId: string): Promise<number> {
    let count = 0;
    let from: Item | undefined;
    do {
      const page = await client.send(new QueryCommand(countQuery(productId, eventId, from)));
      count += page.Count ?? 0;
      from = page.LastEvaluatedKey;
    } while (from !== undefined);
    return count;
  },

  /**
   * Commits what was planned from what was read; false: something changed in between, plan again.
   */
  async commit(actions: TransactWriteItem[]): Promise<boolean> {
    try {
      await client.send(new TransactWriteItemsCommand({ TransactItems: actions }));
      return true;
    } catch (error) {
      if (error instanceof Error && error.name === 'TransactionCanceledException') return false;
      throw error;
    }
  },

  async applyAll(events: readonly GameEvent[]): Promise<void> {
    for (const event of events) await apply(event);
  },
};

export async function handler(event: KinesisStreamEvent): Promise<KinesisStreamBatchResponse> {
  await parts.applyAll(event.Records.flatMap(({ kinesis }) => parse(kinesis.data)));
  return { batchItemFailures: [] };
}

export function countQuery(productId: string, eventId: string, from: Item | undefined) {
  return {
    TableName: EVENTS,
    Select: 'COUNT' as const,
    ConsistentRead: true,
    KeyConditionExpression: 'productId = :productId AND eventId > :eventId',
    ExpressionAttributeValues: { ':productId': { S: productId }, ':eventId': { S: eventId } },
    ...(from === undefined ? {} : { ExclusiveStartKey: from }),
  };
}

export async function apply(event: GameEvent): Promise<void> {
  const key = { productId: { S: event.data.id } };
  for (;;) {
    const read = new GetItemCommand({ TableName: CONTRIBUTIONS, Key: key, ConsistentRead: true });
    const product: Item = (await client.send(read)).Item ?? {};
    const planned = event.data.schema.includes('/purchase/')
      ? await planPurchase(product, event)
      : await planRegistration(product, event);
    if (planned === undefined) return;
    const revision = Number(product['_rev']?.N ?? 0);
    const bump: TransactWriteItem = {
      Update: {
        TableName: CONTRIBUTIONS,
        Key: key,
        UpdateExpression: planned.contributor
          ? 'SET #rev = :next, #role = :origin, #since = :eventId'
          : 'SET #rev = :next',
        ConditionExpression: revision === 0 ? 'attribute_not_exists(#rev)' : '#rev = :rev',
        ExpressionAttributeNames: {
          '#rev': '_rev',
          ...(planned.contributor
            ? { '#role': planned.contributor, '#since': `${planned.contributor}EventId` }
            : {}),
        },
        ExpressionAttributeValues: {
          ':next': { N: String(revision + 1) },
          ...(revision === 0 ? {} : { ':rev': { N: String(revision) } }),
          ...(planned.contributor
            ? { ':origin': { S: event.origin }, ':eventId': { S: event.eventId } }
            : {}),
        },
      },
    };
    if (await parts.commit([bump, ...planned.actions])) return;
    if (planned.contributor === undefined && (await isStored(event))) return;
  }
}

interface Planned {
  readonly contributor?: Role;
  readonly actions: TransactWriteItem[];
}

async function planPurchase(product: Item, event: GameEvent): Promise<Planned> {
  const actions = [parts.putPurchase(event)];
  for (const role of ['creator', 'photographer'] as const) {
    const holder = product[role]?.S;
    if (holder !== undefined && event.eventId > (product[`${role}EventId`]?.S ?? '')) {
      actions.push(await parts.changeScore(holder, role, 1));
    }
  }
  return { actions };
}

async function planRegistration(product: Item, event: GameEvent): Promise<Planned | undefined> {
  const role = event.data.schema.includes('/create/') ? 'creator' : 'photographer';
  if (!parts.takesRole(product, role, event)) return undefined;
  const changes = new Map<string, number>();
  const holder = product[role]?.S;
  if (holder !== undefined) {
    const sales = await parts.countAfter(event.data.id, product[`${role}EventId`]?.S ?? '');
    changes.set(holder, -sales);
  }
  const sales = await parts.countAfter(event.data.id, event.eventId);
  changes.set(event.origin, (changes.get(event.origin) ?? 0) + sales);
  const actions: TransactWriteItem[] = [];
  for (const [userId, change] of changes) {
    if (change !== 0) actions.push(await parts.changeScore(userId, role, change));
  }
  return { contributor: role, actions };
}

async function isStored(event: GameEvent): Promise<boolean> {
  const Key = { productId: { S: event.data.id }, eventId: { S: event.eventId } };
  const read = new GetItemCommand({ TableName: EVENTS, Key, ConsistentRead: true });
  return (await client.send(read)).Item !== undefined;
}

/** It has no quarantine: what is no event is left out. */
function parse(data: string): GameEvent[] {
  try {
    const event = JSON.parse(Buffer.from(data, 'base64').toString()) as GameEvent;
    return typeof event.data.id === 'string' ? [event] : [];
  } catch {
    return [];
  }
}
