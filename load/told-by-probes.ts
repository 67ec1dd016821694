/**
 * Backlog and age where nobody tells what was checkpointed: of a probe it is known when it lay on the stream and
 * when the view had it, and what lies between two probes of a shard was done between them. Pure.
 */
import type { Passage } from './passages.ts';

/** Milliseconds since the epoch, on the stream's clock. */
export interface Arrival {
  readonly shardId: string;
  readonly arrivedAtMs: number;
}

export interface ArrivedProbe extends Arrival {
  /** From its put to the look that saw it; undefined: it was not seen. */
  readonly lagMs: number | undefined;
}

/**
 * Each record as late as the probes around it, in proportion; before the first and after the last probe of a shard as
 * late as that. A shard without a probe goes by the probes of all. Times are on the stream's clock alone, which may
 * differ from this machine's.
 */
export function passagesToldBy(
  probes: readonly ArrivedProbe[],
  arrivals: readonly Arrival[],
): readonly Passage[] {
  const ofAll = inTime(probes);
  const byShard = Map.groupBy(ofAll, ({ shardId }) => shardId);
  return [...Map.groupBy(arrivals, ({ shardId }) => shardId)].flatMap(([shardId, records]) => {
    const around = byShard.get(shardId) ?? ofAll;
    let next = 0;
    return inTime(records).map(({ arrivedAtMs }): Passage => {
      while (next < around.length && (around[next]?.arrivedAtMs ?? 0) < arrivedAtMs) next++;
      const lagMs = lagBetween(around[next - 1], around[next], arrivedAtMs);
      return { arrivedAtMs, doneAtMs: arrivedAtMs + lagMs };
    });
  });
}

/** Infinity: never seen to be done. */
function lagBetween(
  before: ArrivedProbe | undefined,
  after: ArrivedProbe | undefined,
  atMs: number,
): number {
  const [from, to] = [before ?? after, after ?? before];
  if (from?.lagMs === undefined || to?.lagMs === undefined) return Number.POSITIVE_INFINITY;
  const span = to.arrivedAtMs - from.arrivedAtMs;
  const share = span === 0 ? 0 : (atMs - from.arrivedAtMs) / span;
  return from.lagMs + (to.lagMs - from.lagMs) * share;
}

function inTime<A extends Arrival>(arrivals: readonly A[]): readonly A[] {
  return [...arrivals].sort((left, right) => left.arrivedAtMs - right.arrivedAtMs);
}
