/**
 * Settles what an audit found, beside a live handler: every write is conditioned on what was read, counters
 * included, as docs/internals/convergence.md has it, so that of two writers one fails and reads again.
 */
import {
  type AttributeValue,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { unmarshalItem } from '../../simulator/dynamodb/client/unmarshal.ts';
import { type Finding, isRole } from './judge.ts';
import { examine } from './look.ts';
import { NAMES, ROLES, type StoredProduct, type Tally, whole } from './stored.ts';
import type { AuditNames, AuditTables, Item } from './tables.ts';

/** `moved`: somebody else wrote to the row, and another audit has to see what is left. */
export type Repaired = 'done' | 'moved';

export interface RepairParts {
  readonly client: DynamoDBClient;
  readonly names: AuditNames;
  readonly tables: AuditTables;
}

export async function repair(finding: Finding, parts: RepairParts): Promise<Repaired> {
  const [first = '', second = ''] = finding.key;
  try {
    if (finding.score !== undefined) await repairScore(first, second, finding.score, parts);
    else await repairProduct(first, parts);
    return 'done';
  } catch (error) {
    if (isConflict(error)) return 'moved';
    throw error;
  }
}

/** Any of a transaction's conditions, or another transaction on one of its rows. */
function isConflict(error: unknown): boolean {
  return (
    error instanceof ConditionalCheckFailedException ||
    (error instanceof Error && /^Transaction(Canceled|Conflict)Exception$/.test(error.name))
  );
}

/**
 * The whole rest of the handler's steps in one: writes what is pending, then brings the row to what Events says
 * and Scores to the row.
 */
async function repairProduct(productId: string, parts: RepairParts): Promise<void> {
  const { client, names, tables } = parts;
  const item = await tables.product(productId);
  if (item === undefined) return adopt(productId, parts);
  const { product, tally, finding } = await examine(unmarshalItem(item), tables);
  if (finding === undefined) return;
  await putPending(product, tally, parts);
  await client.send(
    new TransactWriteItemsCommand({
      TransactItems: [
        { Update: { TableName: names.contributions, ...rowUpdate(item, product, tally) } },
        ...scoreUpdates(product, tally, names.scores),
      ],
    }),
  );
}

/** A row without contributors, so that the purchases that are stored are not recorded a second time. */
async function adopt(productId: string, { client, names, tables }: RepairParts): Promise<void> {
  let revision = 1;
  for await (const purchase of tables.purchases(productId)) {
    revision = Math.max(revision, purchase.revision);
  }
  await client.send(
    new PutItemCommand({
      TableName: names.contributions,
      Item: {
        productId: { S: productId },
        _rev: { N: String(revision) },
        _pending: { M: {} },
      },
      ConditionExpression: 'attribute_not_exists(productId)',
    }),
  );
}

/** As the handler does: a row has one content only, so that nothing needs to be conditional. */
async function putPending(
  { productId, revision }: StoredProduct,
  { unwritten }: Tally,
  { client, names }: RepairParts,
): Promise<void> {
  let requests = unwritten.map(({ eventId, origin, timeOrigin }) => ({
    PutRequest: {
      Item: {
        productId: { S: productId },
        eventId: { S: eventId },
        origin: { S: origin },
        timeOrigin: { S: timeOrigin },
        _rev: { N: String(revision) },
      },
    },
  }));
  const ITEMS_PER_WRITE = 25;
  while (requests.length > 0) {
    const some = requests.slice(0, ITEMS_PER_WRITE);
    const { UnprocessedItems } = await client.send(
      new BatchWriteItemCommand({ RequestItems: { [names.events]: some } }),
    );
    const left = new Set(
      (UnprocessedItems?.[names.events] ?? []).map(
        ({ PutRequest }) => PutRequest?.Item?.['eventId']?.S,
      ),
    );
    const unprocessed = some.filter(({ PutRequest }) => left.has(PutRequest.Item.eventId.S));
    requests = [...unprocessed, ...requests.slice(ITEMS_PER_WRITE)];
  }
}

/** Everything but the pending list, which no one changes without the revision but to clear it. */
const CONDITIONED = [
  '_rev',
  '_turn',
  '_debts',
  ...ROLES.flatMap((role) => Object.values(NAMES[role])),
];

function rowUpdate(item: Item, product: StoredProduct, tally: Tally) {
  const names: Record<string, string> = { '#pending': '_pending' };
  const values: Record<string, AttributeValue> = { ':none': { M: {} } };
  const conditions = CONDITIONED.map((attribute, at) => {
    names[`#${at}`] = attribute;
    const seen = item[attribute];
    if (seen === undefined) return `attribute_not_exists(#${at})`;
    values[`:${at}`] = seen;
    return `#${at} = :${at}`;
  });
  const placeholder = (attribute: string): string => `#${CONDITIONED.indexOf(attribute)}`;
  const sets = ['#pending = :none'];
  const set = (attribute: string, value: number): void => {
    const name = `:new${CONDITIONED.indexOf(attribute)}`;
    values[name] = { N: String(value) };
    sets.push(`${placeholder(attribute)} = ${name}`);
  };
  set('_turn', product.turn + 1);
  if (tally.revisionMax > product.revision) set('_rev', tally.revisionMax);
  for (const role of ROLES) {
    set(NAMES[role].sales, tally.credited[role]);
    set(NAMES[role].settled, tally.credited[role]);
  }
  const removes = ['_debts', ...ROLES.map((role) => NAMES[role].recount)].map(placeholder);
  return {
    Key: { productId: { S: product.productId } },
    ConditionExpression: conditions.join(' AND '),
    UpdateExpression: `SET ${sets.join(', ')} REMOVE ${removes.join(', ')}`,
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: values,
  };
}

/** From what the row says that Scores holds to what it will say. */
function scoreUpdates(product: StoredProduct, tally: Tally, table: string): TransactWriteItem[] {
  const changes = new Map<string, number>();
  const add = (role: string, userId: string, change: number): void => {
    const key = JSON.stringify([userId, role]);
    changes.set(key, (changes.get(key) ?? 0) + change);
  };
  for (const role of ROLES) {
    const { holder, settled } = product.roles[role];
    if (holder !== undefined) add(role, holder.origin, tally.credited[role] - whole(settled));
  }
  for (const { role, userId, score } of product.debts) if (isRole(role)) add(role, userId, -score);
  return [...changes].flatMap(([key, change]) => {
    if (change === 0) return [];
    const [userId = '', role = ''] = JSON.parse(key) as string[];
    return {
      Update: {
        TableName: table,
        Key: { userId: { S: userId }, role: { S: role } },
        UpdateExpression: 'ADD #score :change',
        ExpressionAttributeNames: { '#score': 'score' },
        ExpressionAttributeValues: { ':change': { N: String(change) } },
      },
    };
  });
}

/**
 * A score has no counter, and the handler only ever adds to it. But it was the same at two looks, and so were all
 * products that it follows from: as long as it is still that, so are they.
 */
async function repairScore(
  userId: string,
  role: string,
  { expected, got }: NonNullable<Finding['score']>,
  { client, names }: RepairParts,
): Promise<void> {
  const request = {
    TableName: names.scores,
    Key: { userId: { S: userId }, role: { S: role } },
    ConditionExpression: got === undefined ? 'attribute_not_exists(#score)' : '#score = :seen',
    ExpressionAttributeNames: { '#score': 'score' },
  };
  const seen: Record<string, AttributeValue> =
    got === undefined ? {} : { ':seen': { N: String(got) } };
  if (expected === 0) {
    await client.send(new DeleteItemCommand({ ...request, ExpressionAttributeValues: seen }));
    return;
  }
  await client.send(
    new UpdateItemCommand({
      ...request,
      UpdateExpression: 'SET #score = :score',
      ExpressionAttributeValues: { ...seen, ':score': { N: String(expected) } },
    }),
  );
}
