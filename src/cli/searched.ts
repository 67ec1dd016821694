/** What a search came to, for the command to print and to keep. */
import type { Verdict } from '../simulator/model/verdict.ts';

export interface Searched {
  readonly verdict: Verdict;
  readonly reasons: readonly string[];
  readonly figures: object;
}
