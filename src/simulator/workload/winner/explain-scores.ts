/**
 * Why a score has its value: the products that the user registered, each with its part of the
 * score. A product that accounts for the whole difference is named, with the mistake that it looks
 * like.
 */
import type { Difference, Explanation } from '../../model/workload.ts';
import type { HistoryIndex } from './history-index.ts';
import { compareRegistered } from './reference.ts';

/** A product that one user registered in one role. */
interface Registered {
  readonly productId: string;
  /** Whether the user holds the role. */
  readonly held: boolean;
  /** Who holds it, since which event. */
  readonly holder: { readonly origin: string; readonly eventId: string };
  /** Purchases after the user's own registration: credited if the user holds the role. */
  readonly after: readonly number[];
  /** Purchases up to that registration, which are never credited to the user. */
  readonly before: readonly number[];
  readonly registrations: readonly number[];
}

export function explainScores(
  { key, expected, actual }: Difference,
  index: HistoryIndex,
): Explanation {
  const [userId = '', role = ''] = key;
  const registered = registeredProducts(
    userId,
    role === 'creator' ? 'creation' : 'photograph',
    index,
  );
  const should = Number(expected?.['score'] ?? 0);
  const is = Number(actual?.['score'] ?? 0);
  const amount = Math.abs(is - should);
  const suspects = registered
    .map((product) => ({
      product,
      cause: is > should ? causeOfMore(product, amount) : causeOfLess(product, amount),
    }))
    .filter(({ cause }) => cause !== undefined);

  const holdings = registered.filter(({ held }) => held).length;
  const general =
    is > should
      ? 'purchases were counted twice, or stayed credited after another took the role'
      : 'purchases were not counted, or the role was not taken from another';
  return {
    headline:
      `${userId} as ${role}: score ${is} is ${amount} too ${is > should ? 'high' : 'low'}, should be ${should} ` +
      `(holds ${holdings} of ${registered.length} products registered): ` +
      (suspects.length > 0
        ? suspects
            .map(({ cause }) => cause)
            .slice(0, 3)
            .join('; or ')
        : general),
    events: eventsOf(suspects.length > 0 ? suspects.map(({ product }) => product) : registered),
  };
}

function causeOfMore({ productId, held, holder, after, before }: Registered, amount: number) {
  if (!held && after.length === amount) {
    return `as if still credited for the ${purchases(amount)} of product ${productId}, which ${holder.origin} holds since ${holder.eventId}`;
  }
  if (held && before.length === amount) {
    return `as if credited for the ${purchases(amount)} of product ${productId} before the registration ${holder.eventId}`;
  }
  if (held && after.length === amount) {
    return `as if the ${purchases(amount)} of product ${productId} had been counted twice`;
  }
  return undefined;
}

function causeOfLess({ productId, held, holder, after }: Registered, amount: number) {
  return held && after.length === amount
    ? `as if not credited for the ${purchases(amount)} of product ${productId} after the registration ${holder.eventId}`
    : undefined;
}

/** `1 purchase`, `2 purchases`. */
function purchases(amount: number): string {
  return `${amount} purchase${amount === 1 ? '' : 's'}`;
}

function registeredProducts(
  userId: string,
  kind: 'creation' | 'photograph',
  { history, products, registeredBy }: HistoryIndex,
): Registered[] {
  const all: Registered[] = [];
  for (const productId of registeredBy.get(userId) ?? []) {
    const product = products.get(productId);
    const registrations = product?.[kind] ?? [];
    const sorted = registrations.map((index) => history.at(index)).sort(compareRegistered);
    const holder = sorted[0];
    const own = sorted.find(({ origin }) => origin === userId);
    if (product === undefined || holder === undefined || own === undefined) continue;
    const isAfter = (index: number) => history.at(index).eventId > own.eventId;
    all.push({
      productId,
      held: holder.origin === userId,
      holder,
      after: product.purchase.filter(isAfter),
      before: product.purchase.filter((index) => !isAfter(index)),
      registrations,
    });
  }
  return all;
}

/** Registrations, then the purchases that are credited or look so: the list is cut at its end. */
function eventsOf(products: readonly Registered[]): number[] {
  return [
    ...products.flatMap(({ registrations }) => registrations),
    ...products.flatMap(({ after }) => after),
    ...products.flatMap(({ held, before }) => (held ? before : [])),
  ];
}
