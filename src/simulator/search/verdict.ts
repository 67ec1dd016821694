/** The verdict on a search. Pure. */
import type { SearchFailure } from '../model/failure.ts';
import type { Judgement } from '../model/verdict.ts';
import type { Tally } from './tally.ts';

/** `situations`: by name, those that the search must reach. */
export function judgeSearch(tally: Tally, situations: readonly string[]): Judgement {
  const failures: SearchFailure[] = [];
  const { runs, diverged, unknown, unrepeatable } = tally;
  if (diverged > 0) failures.push({ kind: 'runs-diverged', runs: diverged, of: runs });
  if (unknown > 0) failures.push({ kind: 'runs-unknown', runs: unknown });
  if (unrepeatable.length > 0) failures.push({ kind: 'runs-not-repeatable', seeds: unrepeatable });
  if (runs === 0) failures.push({ kind: 'no-runs' });
  // A search that ended at its first failure may not have reached everything yet.
  if (diverged === 0 && unknown === 0) failures.push(...notReached(tally, situations));
  if (diverged > 0) return { verdict: 'diverged', failures };
  return { verdict: failures.length > 0 ? 'unknown' : 'converged', failures };
}

function notReached(
  { faults, situations }: Tally,
  wanted: readonly string[],
): readonly SearchFailure[] {
  const faultNames = Object.entries(faults)
    .filter(([, { asked, eligible, reached }]) => asked > 0 && reached === 0 && eligible !== 0)
    .map(([name]) => name);
  const missed = wanted.filter((name) => !situations[name]);
  return [
    ...faultNames.map((name) => ({ kind: 'not-reached', what: 'fault', name }) as const),
    ...missed.map((name) => ({ kind: 'not-reached', what: 'situation', name }) as const),
  ];
}
