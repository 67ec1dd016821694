/**
 * How a few events can arrive: in every order, with at most one copy, in one batch or in two
 * batches that two invocations process concurrently. Pure.
 */

/** Indexes of events; an index that occurs twice stands for a copy. */
export type Batch = readonly number[];

/**
 * One or two batches. The order of two batches makes no difference, so only one order is listed.
 */
export type Arrangement = readonly Batch[];

export function arrangements(count: number): Arrangement[] {
  const events = Array.from({ length: count }, (_, event) => event);
  const found = new Map<string, Arrangement>();
  for (const copied of [undefined, ...events]) {
    const all = copied === undefined ? events : [...events, copied];
    for (const order of orders(all)) {
      for (let at = 1; at <= order.length; at++) {
        const batches = [order.slice(0, at), order.slice(at)].filter(({ length }) => length > 0);
        const names = batches.map((batch) => batch.join()).sort();
        found.set(names.join(' | '), batches);
      }
    }
  }
  return [...found.values()];
}

/** Each order once, also of a list with equal members. */
function orders(list: readonly number[]): number[][] {
  if (list.length === 0) return [[]];
  return [...new Set(list)].flatMap((first) => {
    const at = list.indexOf(first);
    return orders(list.toSpliced(at, 1)).map((rest) => [first, ...rest]);
  });
}
