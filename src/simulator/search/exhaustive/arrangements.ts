/**
 * How a few events can arrive: in every order, at most one of them twice, in one batch or cut into two
 * that two invocations work on at once. Pure.
 */

/** Indexes of events; twice the same is a copy. */
export type Batch = readonly number[];

/** One or two batches. Which of two is called the first makes no difference, so only one way is listed. */
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

/** Each order once, also where something is there twice. */
function orders(list: readonly number[]): number[][] {
  if (list.length === 0) return [[]];
  return [...new Set(list)].flatMap((first) => {
    const at = list.indexOf(first);
    return orders(list.toSpliced(at, 1)).map((rest) => [first, ...rest]);
  });
}
