import type { Failure } from './failure.ts';

/**
 * `unknown`: the run proves nothing, because a limit was reached or something requested never
 * happened.
 */
export type Verdict = 'converged' | 'diverged' | 'unknown';

/**
 * The verdict on a run or a search, and why it is not `converged`: what was seen first comes first.
 */
export interface Judgement {
  readonly verdict: Verdict;
  readonly failures: readonly Failure[];
}
