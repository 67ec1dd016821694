/** Where a history has the events of each product, and the products that each user registered. */
import type { EventSource } from '../../model/workload.ts';
import type { WinnerEvent } from './event.ts';

/** Indexes into the history, by kind of event. */
export type ProductEvents = Readonly<Record<WinnerEvent['kind'], readonly number[]>>;

export interface HistoryIndex {
  readonly history: EventSource<WinnerEvent>;
  readonly products: ReadonlyMap<string, ProductEvents>;
  /** The products that an origin registered, in either role. */
  readonly registeredBy: ReadonlyMap<string, ReadonlySet<string>>;
}

const indexes = new WeakMap<EventSource<WinnerEvent>, HistoryIndex>();

/**
 * Built once for a history. It holds 8 bytes an event; the events themselves are generated when
 * needed.
 */
export function historyIndex(history: EventSource<WinnerEvent>): HistoryIndex {
  const existing = indexes.get(history);
  if (existing !== undefined) return existing;
  const products = new Map<string, Record<WinnerEvent['kind'], number[]>>();
  const registeredBy = new Map<string, Set<string>>();
  for (let index = 0; index < history.length; index++) {
    const { kind, productId, origin } = history.at(index);
    let product = products.get(productId);
    if (product === undefined) {
      product = { creation: [], photograph: [], purchase: [] };
      products.set(productId, product);
    }
    product[kind].push(index);
    if (kind === 'purchase') continue;
    const registered = registeredBy.get(origin);
    if (registered === undefined) registeredBy.set(origin, new Set([productId]));
    else registered.add(productId);
  }
  const index = { history, products, registeredBy };
  indexes.set(history, index);
  return index;
}
