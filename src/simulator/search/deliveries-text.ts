/** Deliveries that were repeated in another world, and how each ended there. */
import type { HistoryReader } from '../history/history.ts';
import { plural } from '../report/text.ts';
import type { Recorded } from './deliveries.ts';

/** How invocations ended, by the outcome: so many. */
export interface Outcomes {
  readonly read: HistoryReader;
  readonly counts: ReadonlyMap<string, number>;
}

export function countOutcomes(): Outcomes {
  const counts = new Map<string, number>();
  return {
    counts,
    read(record) {
      if (record.type !== 'answered') return;
      const { kind } = record.outcome;
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
    },
  };
}

/** Pure. */
export function formatDeliveries(
  { pushes, deliveries }: Recorded,
  outcomes: Outcomes['counts'],
): string {
  const retries = deliveries.filter(({ attempt, repeated }) => attempt > 1 && !repeated).length;
  const repeats = deliveries.filter(({ repeated }) => repeated).length;
  const name = (place: number): string => {
    const { event, copy } = pushes.at(place);
    return event < 0 ? 'malformed' : `${event}${"'".repeat(copy)}`;
  };
  const lines = deliveries.map(({ records, attempt, repeated }, at) => {
    const how = repeated ? ', delivered twice' : attempt > 1 ? `, attempt ${attempt}` : '';
    return `  ${at + 1}  ${records.map(name).join(' ')}${how}`;
  });
  const batches = deliveries.length === 1 ? 'batch' : 'batches';
  return [
    `${plural(pushes.length, 'record')} put, and ${deliveries.length} ${batches} delivered as in memory ` +
      `(${retries} again, ${repeats} twice):`,
    ...lines,
    `there they ended: ${[...outcomes].map(([outcome, times]) => `${outcome} ${times}`).join(', ')}`,
    '',
  ].join('\n');
}
