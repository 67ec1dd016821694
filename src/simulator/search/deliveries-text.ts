/** Deliveries that another world repeated, and how its invocations ended. Pure. */
import { plural } from '../report/text.ts';
import type { Recorded } from './deliveries.ts';

/** `outcomes`: the number of invocations by how they ended. */
export function formatDeliveries(
  { pushes, batches }: Recorded,
  outcomes: Readonly<Record<string, number>>,
): string {
  const retries = batches.filter(({ attempt, repeated }) => attempt > 1 && !repeated).length;
  const repeats = batches.filter(({ repeated }) => repeated).length;
  const name = (place: number): string => {
    const { event, copy } = pushes.at(place);
    return event < 0 ? 'malformed' : `${event}${"'".repeat(copy)}`;
  };
  const lines = batches.map(({ records, attempt, repeated }, at) => {
    const how = repeated ? ', delivered twice' : attempt > 1 ? `, attempt ${attempt}` : '';
    return `  ${at + 1}  ${records.map(name).join(' ')}${how}`;
  });
  return [
    `${plural(pushes.length, 'record')} put, and ${batches.length} ${batches.length === 1 ? 'batch' : 'batches'} delivered as in memory ` +
      `(${retries} again, ${repeats} twice):`,
    ...lines,
    `there they ended: ${Object.entries(outcomes)
      .map(([outcome, times]) => `${outcome} ${times}`)
      .join(', ')}`,
    '',
  ].join('\n');
}
