/** What a search has reached, as a table on a terminal. Pure. */
import { count } from '../report/text.ts';
import type { Tally } from './tally.ts';

/** `situations`: by name, those that may be reached. */
export function formatTally(tally: Tally, situations: readonly string[]): string {
  const faults = Object.entries(tally.faults)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, { asked, occasions, reached }]) => {
      const note = occasions === 0 ? '  (no occasion: no such request)' : '';
      return row(name, reached, `of ${count(asked)} runs that asked for it${note}`);
    });
  return [
    'faults, by the runs in which they happened:',
    ...(faults.length === 0 ? ['  none was asked for'] : faults),
    'situations in the handler and its delivery, by the runs in which they were reached:',
    ...situations.map((name) => row(name, tally.situations[name] ?? 0)),
    '',
  ].join('\n');
}

function row(name: string, reached: number, more = ''): string {
  return `  ${name.padEnd(40)}${count(reached).padStart(12)}  ${more}`.trimEnd();
}
