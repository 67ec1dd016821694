/**
 * The workshop's algorithm, written from its description: the first registration to arrive wins,
 * each purchase's row names the user it credits, and a score is the number of rows in an index,
 * counted each time. It needs two indexes on Events that the view's tables don't have:
 * `scripts/compare-workshop.ts` creates them.
 */
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { KinesisStreamEvent } from 'aws-lambda';

type Role = 'creator' | 'photographer';
interface GameEvent {
  readonly origin: string;
  readonly timeOrigin: string;
  readonly eventId: string;
  readonly data: { readonly schema: string; readonly id: string };
}

const client = new DynamoDBClient({});
const CONTRIBUTIONS = process.env['TABLE_CONTRIBUTIONS_NAME'] ?? '';
const SCORES = process.env['TABLE_SCORES_NAME'] ?? '';
const EVENTS = process.env['TABLE_EVENTS_NAME'] ?? '';
export const INDEXES = {
  creator: 'EventsByCreator',
  photographer: 'EventsByPhotographer',
} as const;

export async function handler(event: KinesisStreamEvent): Promise<void> {
  for (const { kinesis } of event.Records) {
    const decoded: GameEvent = JSON.parse(Buffer.from(kinesis.data, 'base64').toString());
    if (decoded.data.schema.includes('/purchase/')) await purchase(decoded);
    else
      await register(
        decoded,
        decoded.data.schema.includes('/create/') ? 'creator' : 'photographer',
      );
  }
}

/**
 * The first registration wins; then all later purchases are credited, whether it was the first or
 * not.
 */
async function register({ data, origin, eventId }: GameEvent, role: Role): Promise<void> {
  const write = new UpdateItemCommand({
    TableName: CONTRIBUTIONS,
    Key: { productId: { S: data.id } },
    UpdateExpression: 'SET #role = :origin, #since = :eventId',
    ConditionExpression: 'attribute_not_exists(#role)',
    ExpressionAttributeNames: { '#role': role, '#since': `${role}EventId` },
    ExpressionAttributeValues: { ':origin': { S: origin }, ':eventId': { S: eventId } },
  });
  try {
    await client.send(write);
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
  const { Items: sold = [] } = await client.send(
    new QueryCommand({
      TableName: EVENTS,
      KeyConditionExpression: 'productId = :productId AND eventId > :eventId',
      ExpressionAttributeValues: { ':productId': { S: data.id }, ':eventId': { S: eventId } },
    }),
  );
  for (const { productId, eventId: sale } of sold) {
    await client.send(
      new UpdateItemCommand({
        TableName: EVENTS,
        Key: { productId, eventId: sale } as Record<string, AttributeValue>,
        UpdateExpression: 'SET #role = :origin',
        ExpressionAttributeNames: { '#role': role },
        ExpressionAttributeValues: { ':origin': { S: origin } },
      }),
    );
  }
  if (sold.length > 0) await recount(origin, role);
}

async function purchase({ data, origin, timeOrigin, eventId }: GameEvent): Promise<void> {
  const read = new GetItemCommand({ TableName: CONTRIBUTIONS, Key: { productId: { S: data.id } } });
  const product = (await client.send(read)).Item ?? {};
  const credited = (['creator', 'photographer'] as const).filter(
    (role) => product[role] !== undefined && (product[`${role}EventId`]?.S ?? '') < eventId,
  );
  await client.send(
    new PutItemCommand({
      TableName: EVENTS,
      Item: {
        productId: { S: data.id },
        eventId: { S: eventId },
        origin: { S: origin },
        timeOrigin: { S: timeOrigin },
        ...Object.fromEntries(credited.map((role) => [role, product[role] as AttributeValue])),
      },
    }),
  );
  for (const role of credited) await recount(product[role]?.S ?? '', role);
}

async function recount(userId: string, role: Role): Promise<void> {
  const { Count = 0 } = await client.send(
    new QueryCommand({
      TableName: EVENTS,
      IndexName: INDEXES[role],
      Select: 'COUNT',
      KeyConditionExpression: '#role = :userId',
      ExpressionAttributeNames: { '#role': role },
      ExpressionAttributeValues: { ':userId': { S: userId } },
    }),
  );
  await client.send(
    new PutItemCommand({
      TableName: SCORES,
      Item: { userId: { S: userId }, role: { S: role }, score: { N: String(Count) } },
    }),
  );
}
