/**
 * Repairs a row that an audit found, beside a live handler. Every write is conditioned on what was read, counters
 * included (docs/internals/convergence.md), so of two concurrent writers one fails and reads again.
 */
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { unmarshalItem } from '../../simulator/dynamodb/client/unmarshal.ts';
import { putItems } from '../../simulator/dynamodb/client/write.ts';
import type { AuditNames, AuditTables, Item } from './audit-tables.ts';
import { type Finding, isRole } from './findings.ts';
import { examine } from './pass.ts';
import { NAMES, ROLES, type StoredProduct, type Tally, whole } from './stored-product.ts';

/** `conflict`: another writer changed the row; another audit has to follow. */
export type RepairOutcome = 'repaired' | 'conflict';

export interface RepairParts {
  readonly client: DynamoDBClient;
  readonly names: AuditNames;
  readonly tables: AuditTables;
  pause(ms: number): Promise<void>;
}

export async function repair(finding: Finding, parts: RepairParts): Promise<RepairOutcome> {
  const [first = '', second = ''] = finding.key;
  try {
    if (finding.score !== undefined) await repairScore(first, second, finding.score, parts);
    else await repairProduct(first, parts);
    return 'repaired';
  } catch (error) {
    if (isConflict(error)) return 'conflict';
    throw error;
  }
}

/** A failed condition, alone or in a transaction, or another transaction on one of the rows. */
function isConflict(error: unknown): boolean {
  return (
    error instanceof ConditionalCheckFailedException ||
    (error instanceof Error && /^Transaction(Canceled|Conflict)Exception$/.test(error.name))
  );
}

/** Completes all remaining steps of the handler: writes pending purchases, then corrects the row and Scores at once. */
async function repairProduct(productId: string, parts: RepairParts): Promise<void> {
  const { client, names, tables } = parts;
  const item = await tables.productItem(productId);
  if (item === undefined) return putEmptyProduct(productId, parts);
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

/** A row without contributors keeps the stored purchases from being recorded a second time. */
async function putEmptyProduct(
  productId: string,
  { client, names, tables }: RepairParts,
): Promise<void> {
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

/** Unconditionally, as the handler does: any two writes of a row in Events are equal. */
function putPending(
  { productId, revision }: StoredProduct,
  { unwritten }: Tally,
  { client, names, pause }: RepairParts,
): Promise<void> {
  return putItems(
    { client, table: names.events, pause },
    unwritten.map(({ eventId, origin, timeOrigin }) => ({
      productId: { S: productId },
      eventId: { S: eventId },
      origin: { S: origin },
      timeOrigin: { S: timeOrigin },
      _rev: { N: String(revision) },
    })),
  );
}

/** All but the pending list: without a new revision, the handler can only clear it. */
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
    const read = item[attribute];
    if (read === undefined) return `attribute_not_exists(#${at})`;
    values[`:${at}`] = read;
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

/** From the scores that the row has recorded so far to those that it will record. */
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
 * A score has no counter, and the handler only adds to it. It was the same in two passes, as were all products that
 * it follows from; while the score is unchanged, so are they.
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
    ConditionExpression: got === undefined ? 'attribute_not_exists(#score)' : '#score = :read',
    ExpressionAttributeNames: { '#score': 'score' },
  };
  const read: Record<string, AttributeValue> =
    got === undefined ? {} : { ':read': { N: String(got) } };
  if (expected === 0) {
    await client.send(new DeleteItemCommand({ ...request, ExpressionAttributeValues: read }));
    return;
  }
  await client.send(
    new UpdateItemCommand({
      ...request,
      UpdateExpression: 'SET #score = :score',
      ExpressionAttributeValues: { ...read, ':score': { N: String(expected) } },
    }),
  );
}
