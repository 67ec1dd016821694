/** Which rows some events bear on: their own, their products', and the scores of whoever registered those. */
import type { Difference, EventSource } from '../../model/workload.ts';
import { dossiersOf } from './dossier.ts';
import type { WinnerEvent } from './event.ts';

export function bearOn(
  events: ReadonlySet<number>,
  history: EventSource<WinnerEvent>,
): (difference: Difference) => boolean {
  const products = new Set<string>();
  const purchases = new Set<string>();
  for (const index of events) {
    const { kind, productId, eventId } = history.at(index);
    products.add(productId);
    if (kind === 'purchase') purchases.add(JSON.stringify([productId, eventId]));
  }
  return ({ table, key }) => {
    const [first = ''] = key;
    if (table === 'Events') return purchases.has(JSON.stringify(key));
    if (table === 'Contributions') return products.has(first);
    const registered = dossiersOf(history).registeredBy.get(first) ?? new Set();
    return [...registered].some((productId) => products.has(productId));
  };
}
