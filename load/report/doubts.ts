/** Doubts about a run that the producers' side raises, whatever the tables say. */
import type { RunResult } from '../../src/simulator/model/run-result.ts';
import { count, plural } from '../../src/simulator/report/text.ts';
import type { VirtualUsers } from '../figures.ts';
import { errorsText } from './text.ts';

/**
 * A record that the stream lost never reached the view, and failed virtual users put less than the run
 * asks for. In both cases right tables prove nothing.
 */
export function withDoubts(
  result: RunResult,
  { lost, users }: { readonly lost: number; readonly users: VirtualUsers },
): RunResult {
  const doubts: string[] = [];
  if (lost > 0) {
    const what = `${count(lost)} ${lost === 1 ? 'record was' : 'records were'} acknowledged`;
    doubts.push(`${what} to producers and never read from the stream`);
  }
  const unfinished = users.arrived - users.completed;
  if (unfinished > 0) {
    const causes = errorsText(users);
    doubts.push(
      `${count(unfinished)} of ${plural(users.arrived, 'virtual user')} did not complete` +
        `${causes === '' ? '' : ` (${causes})`}, so less was put than the run asks for`,
    );
  }
  if (doubts.length === 0) return result;
  const verdict = result.verdict === 'converged' ? 'unknown' : result.verdict;
  return { ...result, verdict, reasons: [...result.reasons, ...doubts] };
}
