/** What a search has reached, as a table on a terminal. Pure. */
import { count } from '../report/text.ts';
import type { Tally } from './tally.ts';

/** `situations`: by name, those that can be reached. */
export function formatTally(tally: Tally, situations: readonly string[]): string {
  const faults = Object.entries(tally.faults)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, { asked, eligible, reached }]) => {
      const note = eligible === 0 ? '  (no request was eligible)' : '';
      return row(name, reached, `of ${count(asked)} runs with it${note}`);
    });
  return [
    'faults, by the runs in which they happened:',
    ...(faults.length === 0 ? ['  none was requested'] : faults),
    'situations in the handler and its delivery, by the runs in which they were reached:',
    ...situations.map((name) => row(name, tally.situations[name] ?? 0)),
    '',
  ].join('\n');
}

function row(name: string, reached: number, more = ''): string {
  return `  ${name.padEnd(40)}${count(reached).padStart(12)}  ${more}`.trimEnd();
}
