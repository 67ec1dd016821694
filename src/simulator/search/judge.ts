/** The verdict on a search. Pure. */
import type { Verdict } from '../run/result.ts';
import type { Tally } from './tally.ts';

export interface SearchVerdict {
  readonly verdict: Verdict;
  /** Why it is not `converged`: one line each. */
  readonly reasons: readonly string[];
}

export function judgeSearch(tally: Tally, handlerTells: boolean): SearchVerdict {
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
    for (const name of unreached(tally, handlerTells)) reasons.push(`never reached: ${name}`);
  }
  if (isDiverged) return { verdict: 'diverged', reasons };
  return { verdict: reasons.length > 0 ? 'unknown' : 'converged', reasons };
}

/** `handlerTells`: only the shipped handler says which situations it meets. */
function unreached({ faults, situations }: Tally, handlerTells: boolean): string[] {
  const never = Object.entries(faults)
    .filter(([, { asked, occasions, reached }]) => asked > 0 && reached === 0 && occasions !== 0)
    .map(([name]) => `the fault ${name}`);
  if (!handlerTells) return never;
  const missed = Object.entries(situations).filter(([, reached]) => reached === 0);
  return [...never, ...missed.map(([name]) => `“${name}”`)];
}
