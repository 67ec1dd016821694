/**
 * What a view lawfully lacks: events that the event source mapping discarded to the on-failure
 * destination. They may be in the tables wholly, in part, or not; everything else must be right.
 */
import type { HistoryReader } from '../history/history.ts';
import type { Difference, EventSource, Workload } from '../workload/workload.ts';
import { createOutstanding } from './outstanding.ts';

export interface Losses {
  readonly read: HistoryReader;
  /** The differences on which no discarded event bears: nothing excuses those. */
  unexcused<Event>(
    differences: readonly Difference[],
    workload: Pick<Workload<Event>, 'bearOn'>,
    history: EventSource<Event>,
  ): readonly Difference[];
}

export function createLosses(): Losses {
  const discarded = new Set<number>();
  const read = createOutstanding((passed) => {
    if (passed.event >= 0 && passed.discarded) discarded.add(passed.event);
  });
  return {
    read,
    unexcused(differences, workload, history) {
      if (discarded.size === 0) return differences;
      const bears = workload.bearOn?.(discarded, history) ?? (() => true);
      return differences.filter((difference) => !bears(difference));
    },
  };
}
