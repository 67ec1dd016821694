/** Where in a history to find what is about a product or by a user: made once for a history, on demand. */
import type { EventSource } from '../../model/workload.ts';
import type { WinnerEvent } from './event.ts';

/** Indexes into the history, by kind of event. */
export type ProductDossier = Readonly<Record<WinnerEvent['kind'], readonly number[]>>;

export interface Dossiers {
  readonly history: EventSource<WinnerEvent>;
  readonly products: ReadonlyMap<string, ProductDossier>;
  /** The products that an origin registered, in either role. */
  readonly registeredBy: ReadonlyMap<string, ReadonlySet<string>>;
}

const made = new WeakMap<EventSource<WinnerEvent>, Dossiers>();

/** Indexes only, 8 bytes an event: events are made again from their index where they are needed. */
export function dossiersOf(history: EventSource<WinnerEvent>): Dossiers {
  const existing = made.get(history);
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
  const dossiers = { history, products, registeredBy };
  made.set(history, dossiers);
  return dossiers;
}
