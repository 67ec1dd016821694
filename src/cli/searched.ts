/** What a search came to, for the command to print and to keep. */
import type { Judgement } from '../simulator/model/verdict.ts';

export interface Searched extends Judgement {
  readonly figures: object;
}
