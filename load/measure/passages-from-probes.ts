/**
 * Backlog and age where checkpoints can't be observed, on a deployed stack. When a probe arrived at the stream
 * and when the view had applied it is known; a record between two probes of a shard was done between them. Pure.
 */
import type { Passage } from './passages.ts';

/** Milliseconds since the epoch, on the stream's clock. */
export interface Arrival {
  readonly shardId: string;
  readonly arrivedAtMs: number;
}

export interface ArrivedProbe extends Arrival {
  /** From its put to the read that found it applied; undefined: never found. */
  readonly lagMs: number | undefined;
}

/**
 * Interpolates the lag of each record between the probes before and after it; before the first and after the last
 * probe of a shard, it has that probe's lag. A shard without probes uses those of all shards. All times are on the
 * stream's clock, which may differ from this machine's.
 */
export function passagesFromProbes(
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

/** Infinity: never found to be done. */
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
