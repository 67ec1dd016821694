/** Doubts about a run that the producers' side raises, whatever the tables say. */
import type { RunFailure } from '../../src/simulator/model/failure.ts';
import type { RunResult } from '../../src/simulator/model/run-result.ts';
import type { VirtualUsers } from '../figures.ts';

/**
 * A record that the stream lost never reached the view, and failed virtual users put less than the run
 * asks for. In both cases right tables prove nothing.
 */
export function withDoubts(
  result: RunResult,
  { lost, users }: { readonly lost: number; readonly users: VirtualUsers },
): RunResult {
  const doubts: RunFailure[] = [];
  if (lost > 0) doubts.push({ kind: 'records-lost', records: lost });
  const { arrived, completed, errors } = users;
  if (completed < arrived) {
    doubts.push({
      kind: 'virtual-users-unfinished',
      virtualUsers: arrived - completed,
      of: arrived,
      errors,
    });
  }
  if (doubts.length === 0) return result;
  const verdict = result.verdict === 'converged' ? 'unknown' : result.verdict;
  return { ...result, verdict, failures: [...result.failures, ...doubts] };
}
