/** The messages between a search and its processes. */
import type { ErrorKind } from '../model/errors.ts';
import type { FaultRatios } from '../model/faults.ts';
import type { SearchResult } from './search.ts';

/**
 * The first message to a process. Later ones are the number of the last run to make, -1 for none.
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

/** The messages of a process. */
export type JobMessage =
  | { readonly type: 'runs'; readonly runs: number; readonly shapes: readonly string[] }
  | { readonly type: 'done'; readonly result: SearchResult<unknown> }
  /** It can't continue, for example because the handler can't be loaded. */
  | {
      readonly type: 'failed';
      readonly kind: ErrorKind;
      readonly message: string;
      readonly stack: string | undefined;
    };
