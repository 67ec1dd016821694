/** A sorted list with cheap writes: a read sorts what was added and drops what was removed. */

export interface Ordered<T extends Removable> {
  sorted: T[];
  waiting: T[];
  dead: number;
  readonly compare: (left: T, right: T) => number;
}

export interface Removable {
  live: boolean;
}

export function ordered<T extends Removable>(
  compare: (left: T, right: T) => number,
  elements: Iterable<T> = [],
): Ordered<T> {
  return { sorted: [], waiting: [...elements], dead: 0, compare };
}

export function add<T extends Removable>(order: Ordered<T>, element: T): void {
  order.waiting.push(element);
}

export function remove<T extends Removable>(order: Ordered<T>, element: T): void {
  element.live = false;
  order.dead++;
  // Without reads, removed elements would accumulate.
  if (order.dead > DEAD_MIN && order.dead * 2 > order.sorted.length + order.waiting.length) {
    dropDead(order);
  }
}

/** All live elements in order. The list is valid until the next write. */
export function read<T extends Removable>(order: Ordered<T>): readonly T[] {
  if (order.dead > 0) dropDead(order);
  if (order.waiting.length > 0) {
    const fresh = order.waiting.sort(order.compare);
    order.waiting = [];
    order.sorted = merge(order, fresh);
  }
  return order.sorted;
}

/** The index of the first element that is not before a place (where `place` is negative). */
export function firstAtOrAfter<T>(list: readonly T[], place: (element: T) => number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (place(list[middle] as T) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

const SPLICES_MAX = 4;
const DEAD_MIN = 1_000;

function dropDead<T extends Removable>(order: Ordered<T>): void {
  order.sorted = order.sorted.filter(isLive);
  order.waiting = order.waiting.filter(isLive);
  order.dead = 0;
}

function isLive(element: Removable): boolean {
  return element.live;
}

function merge<T extends Removable>({ sorted, compare }: Ordered<T>, fresh: T[]): T[] {
  if (sorted.length === 0) return fresh;
  if (fresh.length <= SPLICES_MAX) {
    for (const element of fresh) {
      const at = firstAtOrAfter(sorted, (other) => compare(other, element));
      if (at === sorted.length) sorted.push(element);
      else sorted.splice(at, 0, element);
    }
    return sorted;
  }
  const merged: T[] = [];
  let from = 0;
  for (const element of fresh) {
    while (from < sorted.length && compare(sorted[from] as T, element) <= 0) {
      merged.push(sorted[from++] as T);
    }
    merged.push(element);
  }
  while (from < sorted.length) merged.push(sorted[from++] as T);
  return merged;
}
