/**
 * Losses: events that the event source mapping discarded to the on-failure destination, without
 * another record that was acknowledged. Their rows may be there wholly, in part, or not; all other
 * rows must be right.
 */
import type { HistoryReader } from '../history/history.ts';
import type { Difference, EventSource, Workload } from '../model/workload.ts';
import { createNotCheckpointed } from './not-checkpointed.ts';

export interface Losses {
  readonly read: HistoryReader;
  /** The differences on which no lost event bears. */
  unexcused<Event>(
    differences: readonly Difference[],
    workload: Pick<Workload<Event>, 'bearOn'>,
    history: EventSource<Event>,
  ): readonly Difference[];
  /** Malformed records that were discarded: each may be in quarantine, or not. */
  malformed(): number;
}

export function createLosses(): Losses {
  const discarded = new Set<number>();
  const acknowledged = new Set<number>();
  let malformed = 0;
  const read = createNotCheckpointed((passed) => {
    if (passed.event >= 0) (passed.discarded ? discarded : acknowledged).add(passed.event);
    else if (passed.discarded) malformed++;
  });
  return {
    read,
    unexcused(differences, workload, history) {
      // With a copy that was acknowledged, the event is in the tables.
      const lost = new Set([...discarded].filter((event) => !acknowledged.has(event)));
      if (lost.size === 0) return differences;
      const bears = workload.bearOn?.(lost, history) ?? (() => true);
      return differences.filter((difference) => !bears(difference));
    },
    malformed: () => malformed,
  };
}
