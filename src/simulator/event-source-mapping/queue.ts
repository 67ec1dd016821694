/** A queue that shares its array with earlier states: dropping items only moves `head`. */
export interface Queue<T> {
  readonly items: readonly T[];
  /** Index of the first item that is still in the queue. */
  readonly head: number;
}

export const EMPTY_QUEUE: Queue<never> = { items: [], head: 0 };

export function queueLength(queue: Queue<unknown>): number {
  return queue.items.length - queue.head;
}

export function queueFirst<T>(queue: Queue<T>): T | undefined {
  return queue.items[queue.head];
}

/** Copies the rest of the queue; called once a poll. */
export function append<T>(queue: Queue<T>, items: readonly T[]): Queue<T> {
  if (items.length === 0) return queue;
  if (queueLength(queue) === 0) return { items, head: 0 };
  return { items: queue.items.slice(queue.head).concat(items), head: 0 };
}

export function drop<T>(queue: Queue<T>, count: number): Queue<T> {
  if (count === 0) return queue;
  const head = queue.head + count;
  return head >= queue.items.length ? EMPTY_QUEUE : { items: queue.items, head };
}
