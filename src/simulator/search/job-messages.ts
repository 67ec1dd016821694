/** What the search and its processes send each other. */
import type { ErrorKind } from '../model/errors.ts';
import type { FaultRatios } from '../model/faults.ts';
import type { SearchResult } from './search.ts';

/**
 * What a process is sent to begin with, as the input of a contained one. A number that follows is that of the last run worth making, or -1
 * for none.
 */
export interface JobStart {
  readonly seed: string;
  /** The number of its first run, and from each of its runs to the next. */
  readonly first: number;
  readonly step: number;
  readonly runsMax: number;
  readonly timeMsMax: number;
  readonly faults: FaultRatios;
  readonly keepGoing: boolean;
  /** `FILE[#EXPORT]`, absolute; undefined: the shipped handler. */
  readonly handler: string | undefined;
  readonly invariants: boolean;
  /** `FILE[#EXPORT]`, absolute; undefined: the shipped workload. */
  readonly workload: string | undefined;
}

/** What a process sends. */
export type JobMessage =
  | { readonly type: 'runs'; readonly runs: number; readonly shapes: readonly string[] }
  | { readonly type: 'done'; readonly result: SearchResult<unknown> }
  /** It can't go on, such as with a handler that can't be loaded. */
  | {
      readonly type: 'failed';
      readonly kind: ErrorKind;
      readonly message: string;
      readonly stack: string | undefined;
    };
