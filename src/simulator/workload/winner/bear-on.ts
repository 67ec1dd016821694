/**
 * Which rows may depend on some events: their own, those of their products, and the scores of these
 * products' registrants.
 */
import type { Difference, EventSource } from '../../model/workload.ts';
import type { WinnerEvent } from './event.ts';
import { historyIndex } from './history-index.ts';

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
    const registered = historyIndex(history).registeredBy.get(first) ?? new Set();
    return [...registered].some((productId) => products.has(productId));
  };
}
