/** How products, purchases and malformed records are stored: values to DynamoDB items and back. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Role } from '../domain/contributor.ts';
import type { Purchase } from '../domain/event.ts';
import type { MalformedRecord } from '../domain/malformed-record.ts';
import type { Debt, Product, Recount, RoleState } from '../domain/product.ts';
import type { PurchaseKey } from '../view-store.ts';

export type Item = Record<string, AttributeValue>;

/** The names of bookkeeping attributes begin with `_`. */
export const PRODUCT = {
  revision: '_rev',
  turn: '_turn',
  pending: '_pending',
  debts: '_debts',
  creator: {
    holder: 'creator',
    eventId: 'creatorEventId',
    sales: '_creatorSales',
    transferred: '_creatorSettled',
    recount: '_creatorRecount',
  },
  photographer: {
    holder: 'photographer',
    eventId: 'photographerEventId',
    sales: '_photographerSales',
    transferred: '_photographerSettled',
    recount: '_photographerRecount',
  },
} as const;

/** On a row in Events: the revision of the purchase's commit. */
export const REVISION = '_rev';

export function productOf(item: Item): Product {
  const revision = numberOf(item, PRODUCT.revision);
  return {
    productId: textOf(item, 'productId') ?? '',
    revision,
    turn: numberOf(item, PRODUCT.turn),
    creator: roleOf(item, 'creator'),
    photographer: roleOf(item, 'photographer'),
    pending: purchasesOf(
      textOf(item, 'productId') ?? '',
      item[PRODUCT.pending]?.M?.[String(revision)]?.L ?? [],
    ),
    debts: (item[PRODUCT.debts]?.L ?? []).map(debtOf),
  };
}

function roleOf(item: Item, role: Role): RoleState {
  const names = PRODUCT[role];
  const origin = textOf(item, names.holder);
  const eventId = textOf(item, names.eventId);
  return {
    holder: origin === undefined || eventId === undefined ? undefined : { origin, eventId },
    sales: numberOf(item, names.sales),
    transferred: numberOf(item, names.transferred),
    recount: recountOf(item[names.recount]?.M),
  };
}

export function recountItem(recount: Recount): AttributeValue {
  const { revision, after, upTo } = recount;
  return {
    M: {
      rev: { N: String(revision) },
      after: { S: after },
      ...(upTo === undefined ? {} : { upTo: { S: upTo } }),
    },
  };
}

function recountOf(item: Item | undefined): Recount | undefined {
  if (item === undefined) return undefined;
  return {
    revision: numberOf(item, 'rev'),
    after: textOf(item, 'after') ?? '',
    upTo: textOf(item, 'upTo'),
  };
}

export function debtItem(debt: Debt): AttributeValue {
  const { role, userId, score } = debt;
  return { M: { role: { S: role }, userId: { S: userId }, score: { N: String(score) } } };
}

function debtOf(value: AttributeValue): Debt {
  const item = value.M ?? {};
  return {
    role: textOf(item, 'role') === 'creator' ? 'creator' : 'photographer',
    userId: textOf(item, 'userId') ?? '',
    score: numberOf(item, 'score'),
  };
}

/** The pending purchases of one revision, as a flat list: names in it would cost write units. */
export function pendingItem(revision: number, purchases: readonly Purchase[]): AttributeValue {
  if (purchases.length === 0) return { M: {} };
  const texts = purchases.flatMap(({ eventId, origin, timeOrigin }) => [
    { S: eventId },
    { S: origin },
    { S: timeOrigin },
  ]);
  return { M: { [String(revision)]: { L: texts } } };
}

function purchasesOf(productId: string, texts: readonly AttributeValue[]): Purchase[] {
  const purchases: Purchase[] = [];
  for (let at = 0; at + 2 < texts.length; at += 3) {
    purchases.push({
      kind: 'purchase',
      productId,
      eventId: texts[at]?.S ?? '',
      origin: texts[at + 1]?.S ?? '',
      timeOrigin: texts[at + 2]?.S ?? '',
    });
  }
  return purchases;
}

export function purchaseItem(purchase: Purchase, revision: number): Item {
  const { productId, eventId, origin, timeOrigin } = purchase;
  return {
    productId: { S: productId },
    eventId: { S: eventId },
    origin: { S: origin },
    timeOrigin: { S: timeOrigin },
    [REVISION]: { N: String(revision) },
  };
}

export function purchaseKeyOf(item: Item): PurchaseKey {
  return { productId: textOf(item, 'productId') ?? '', eventId: textOf(item, 'eventId') ?? '' };
}

/** An item has at most 400 KB; everything but the payload takes less than 5 KB. */
const QUARANTINED_BYTES_MAX = 380_000;

export function quarantineItem(malformed: MalformedRecord): Item {
  const { data } = malformed;
  return {
    stream: { S: malformed.stream },
    record: { S: malformed.record },
    reason: { S: malformed.reason },
    partitionKey: { S: malformed.partitionKey },
    arrivedAt: { S: new Date(malformed.arrivedAt * 1000).toISOString() },
    data: { B: data.subarray(0, QUARANTINED_BYTES_MAX) },
    bytes: { N: String(data.byteLength) },
    cut: { BOOL: data.byteLength > QUARANTINED_BYTES_MAX },
  };
}

export function numberOf(item: Item, name: string): number {
  return Number(item[name]?.N ?? 0);
}

export function textOf(item: Item, name: string): string | undefined {
  return item[name]?.S;
}
