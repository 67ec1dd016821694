/** The verdict on a search. Pure. */
import type { Verdict } from '../model/verdict.ts';
import type { Tally } from './tally.ts';

export interface SearchVerdict {
  readonly verdict: Verdict;
  /** Why it is not `converged`: one line each. */
  readonly reasons: readonly string[];
}

/** `situations`: by name, those that were to be reached. */
export function judgeSearch(tally: Tally, situations: readonly string[]): SearchVerdict {
  const reasons: string[] = [];
  if (tally.failures > 0) reasons.push(`${tally.failures} of ${tally.runs} runs diverged`);
  const isDiverged = reasons.length > 0;
  if (tally.unknown > 0) reasons.push(`of ${tally.unknown} runs nothing can be said`);
  if (tally.unrepeatable.length > 0) {
    const seeds = tally.unrepeatable.slice(0, 3).join(', ');
    reasons.push(`${tally.unrepeatable.length} runs were not the same when repeated: ${seeds}`);
  }
  if (tally.runs === 0) reasons.push('not a single run was made');
  // What a search that was cut short has not reached says nothing.
  if (!isDiverged && tally.unknown === 0) {
    for (const name of unreached(tally, situations)) reasons.push(`never reached: ${name}`);
  }
  if (isDiverged) return { verdict: 'diverged', reasons };
  return { verdict: reasons.length > 0 ? 'unknown' : 'converged', reasons };
}

function unreached({ faults, situations }: Tally, wanted: readonly string[]): string[] {
  const never = Object.entries(faults)
    .filter(([, { asked, occasions, reached }]) => asked > 0 && reached === 0 && occasions !== 0)
    .map(([name]) => `the fault ${name}`);
  const missed = wanted.filter((name) => !situations[name]);
  return [...never, ...missed.map((name) => `“${name}”`)];
}
