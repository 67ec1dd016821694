/**
 * The rows of the tables by the seven rules of the specification: gather, sort, scan. Deliberately
 * simple; it shares only event types with the handler.
 */
import type { GameEvent } from '../../../handler/domain/event.ts';
import type { Row, Tables } from '../../model/workload.ts';

/** The fields by which registrations compete. */
export interface Registered {
  readonly eventId: string;
  readonly origin: string;
}

interface Product {
  readonly creations: Registered[];
  readonly photographs: Registered[];
  readonly purchases: PurchaseRow[];
}

/** A row of Events. */
interface PurchaseRow extends Row {
  readonly productId: string;
  readonly eventId: string;
  readonly origin: string;
  readonly timeOrigin: string;
}

/**
 * The rows of Contributions, Scores and Events, sorted by key, for these events and any copies of
 * them.
 */
export function reference(events: Iterable<GameEvent>): Tables {
  const products = gather(events);
  const contributions: Row[] = [];
  const sales: Row[] = [];
  const scores = { creator: new Map<string, number>(), photographer: new Map<string, number>() };

  for (const [productId, product] of [...products].sort(([a], [b]) => compareText(a, b))) {
    const creation = product.creations.sort(compareRegistered)[0];
    const photograph = product.photographs.sort(compareRegistered)[0];
    if (creation !== undefined || photograph !== undefined) {
      contributions.push({
        productId,
        ...(creation && { creator: creation.origin, creatorEventId: creation.eventId }),
        ...(photograph && {
          photographer: photograph.origin,
          photographerEventId: photograph.eventId,
        }),
      });
    }
    let previous: PurchaseRow | undefined;
    for (const purchase of product.purchases.sort(comparePurchases)) {
      // Copies are neighbours after sorting.
      if (purchase.eventId === previous?.eventId) continue;
      previous = purchase;
      sales.push(purchase);
      credit(scores.creator, creation, purchase);
      credit(scores.photographer, photograph, purchase);
    }
  }
  return new Map<string, readonly Row[]>([
    ['Contributions', contributions],
    [
      'Scores',
      [...scoreRows('creator', scores.creator), ...scoreRows('photographer', scores.photographer)],
    ],
    ['Events', sales],
  ]);
}

/**
 * The order in which registrations compete: by event id, then by origin. Event ids are ASCII, so
 * that `<` compares their bytes; origins are any Unicode, and are compared as UTF-8, byte by byte.
 */
export function compareRegistered(left: Registered, right: Registered): number {
  return compareText(left.eventId, right.eventId) || compareBytes(left.origin, right.origin);
}

function gather(events: Iterable<GameEvent>): Map<string, Product> {
  const products = new Map<string, Product>();
  for (const event of events) {
    const { kind, productId, eventId, origin } = event;
    let product = products.get(productId);
    if (product === undefined) {
      product = { creations: [], photographs: [], purchases: [] };
      products.set(productId, product);
    }
    if (kind === 'creation') product.creations.push({ eventId, origin });
    else if (kind === 'photograph') product.photographs.push({ eventId, origin });
    else product.purchases.push({ productId, eventId, origin, timeOrigin: event.timeOrigin });
  }
  return products;
}

/** Copies agree on origin and time. Where they don't, any fixed order will do. */
function comparePurchases(left: PurchaseRow, right: PurchaseRow): number {
  return (
    compareText(left.eventId, right.eventId) ||
    compareBytes(left.origin, right.origin) ||
    compareText(left.timeOrigin, right.timeOrigin)
  );
}

function credit(
  scores: Map<string, number>,
  registered: Registered | undefined,
  purchase: Registered,
): void {
  if (registered === undefined || purchase.eventId <= registered.eventId) return;
  scores.set(registered.origin, (scores.get(registered.origin) ?? 0) + 1);
}

function scoreRows(role: string, scores: ReadonlyMap<string, number>): Row[] {
  return [...scores]
    .sort(([a], [b]) => compareText(a, b))
    .map(([userId, score]) => ({ userId, role, score }));
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function compareBytes(left: string, right: string): number {
  return left === right ? 0 : Buffer.compare(Buffer.from(left), Buffer.from(right));
}
