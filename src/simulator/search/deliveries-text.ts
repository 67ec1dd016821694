/** Deliveries that were repeated in another world, and how they ended there. Pure. */
import { plural } from '../report/text.ts';
import type { Recorded } from './deliveries.ts';

/** `outcomes`: how invocations ended, by the outcome, so many. */
export function formatDeliveries(
  { pushes, deliveries }: Recorded,
  outcomes: Readonly<Record<string, number>>,
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
    `there they ended: ${Object.entries(outcomes)
      .map(([outcome, times]) => `${outcome} ${times}`)
      .join(', ')}`,
    '',
  ].join('\n');
}
