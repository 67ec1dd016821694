/**
 * What is wrong with a run, a search or a mutant, as values that the verdict, the reduction, the
 * mutants and the reports share. Sentences are made of them in report/failure-text.ts alone.
 */
import type { Difference } from './workload.ts';

export type Failure = RunFailure | ScheduleFailure | SearchFailure | MutantFailure;

export type RunFailure =
  /** Rows of a table differ from the reference. */
  | {
      readonly kind: 'rows';
      readonly table: string;
      readonly rows: number;
      /** Where records were discarded: the rows that none of them bears on. */
      readonly unexcused?: number;
    }
  | InvariantFailure
  /** The quarantine doesn't have one row for each malformed record. */
  | { readonly kind: 'quarantine'; readonly malformed: number; readonly rows: number }
  /** The handler deleted a table. */
  | { readonly kind: 'table-gone'; readonly table: string }
  | { readonly kind: 'stalled'; readonly stall: Stall }
  /** Records went to the on-failure destination. */
  | { readonly kind: 'discarded'; readonly records: number }
  /** The last error of an invocation, as Lambda reports it. */
  | { readonly kind: 'handler-error'; readonly error: string }
  /** The handler did something that the simulation doesn't have. */
  | { readonly kind: 'not-simulated'; readonly name: string }
  /** What the options request never happened. */
  | { readonly kind: 'no-repeat-delivery' }
  | { readonly kind: 'too-few-kills'; readonly requested: number; readonly happened: number }
  | { readonly kind: 'fault-never-happened'; readonly fault: string; readonly ratio: number }
  /** The same run had two histories. */
  | {
      readonly kind: 'not-repeatable';
      readonly first: string;
      readonly second?: string;
    }
  /** Producers had these records acknowledged, and they were never read from the stream. */
  | { readonly kind: 'records-lost'; readonly records: number }
  /**
   * Virtual users of a load run that did not put all that they should; `errors`: by name, how
   * often.
   */
  | {
      readonly kind: 'virtual-users-unfinished';
      readonly virtualUsers: number;
      readonly of: number;
      readonly errors: Readonly<Record<string, number>>;
    };

export interface InvariantFailure {
  readonly kind: 'invariant';
  /** What happened when it was found broken. */
  readonly watchPoint: WatchPoint;
  /** The workload's name for it. */
  readonly invariant: string;
  readonly message: string;
}

export type WatchPoint =
  | { readonly type: 'write'; readonly table: string }
  | { readonly type: 'commit' }
  /** A checkpoint passed an event of this kind. */
  | { readonly type: 'checkpoint'; readonly eventKind: string };

/** Why a run's delivery did not end. */
export type Stall =
  | { readonly cause: 'attempts-exhausted'; readonly shardId: string; readonly attempts: number }
  | { readonly cause: 'timeouts-in-a-row'; readonly timeouts: number }
  | { readonly cause: 'not-delivered-in-time'; readonly boundMs: number }
  | { readonly cause: 'too-many-requests'; readonly requestsMax: number }
  /** On a deployed stack. */
  | {
      readonly cause: 'sentinels-missing';
      readonly shardIds: readonly string[];
      readonly waitSeconds: number;
      readonly stackName: string;
    }
  | {
      readonly cause: 'tables-not-still';
      readonly stillSeconds: number;
      readonly waitSeconds: number;
      readonly stackName: string;
    }
  | { readonly cause: 'batches-given-up'; readonly batches: number };

/** Of one schedule of the exhaustive search. */
export type ScheduleFailure =
  | { readonly kind: 'row'; readonly difference: Difference }
  /** It comes back to a state that it has been in. */
  | { readonly kind: 'endless' }
  | { readonly kind: 'schedule-not-repeatable' }
  /** An invocation waits for no request, and has not returned. */
  | { readonly kind: 'invocation-idle' }
  | {
      readonly kind: 'invocation-requests';
      readonly requests: number;
      readonly requestsMax: number;
    };

export type SearchFailure =
  | { readonly kind: 'runs-diverged'; readonly runs: number; readonly of: number }
  | { readonly kind: 'runs-unknown'; readonly runs: number }
  | { readonly kind: 'runs-not-repeatable'; readonly seeds: readonly string[] }
  | { readonly kind: 'no-runs' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'not-reached'; readonly what: 'fault' | 'situation'; readonly name: string };

/**
 * What a mutant does wrong beyond the verdict of its run, and what is wrong with the hunt for one.
 */
export type MutantFailure =
  | { readonly kind: 'invocations-timed-out'; readonly invocations: number }
  | { readonly kind: 'invocation-slow'; readonly ms: number; readonly msMax: number }
  | { readonly kind: 'mutant-survived'; readonly mutant: string }
  /** The handler without a mutant fails. */
  | { readonly kind: 'control-caught'; readonly failure: Failure }
  | {
      readonly kind: 'caught-by-another-check';
      readonly mutant: string;
      readonly check: string;
      readonly expected: readonly string[];
    }
  | { readonly kind: 'not-minimal'; readonly mutant: string }
  | { readonly kind: 'too-many-events'; readonly mutant: string; readonly events: number };

/** Whether two runs fail in the same way: by what, not by how much of it or when. */
export function isSameFailure(left: Failure | undefined, right: Failure | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  const [one, other] = [identityOf(left), identityOf(right)];
  return one.length === other.length && one.every((part, at) => part === other[at]);
}

/** What is the same in all failures of one way. */
function identityOf(failure: Failure): readonly string[] {
  const { kind } = failure;
  switch (kind) {
    case 'rows':
    case 'table-gone':
      return [kind, failure.table];
    case 'row':
      return [kind, failure.difference.table, ...failure.difference.key];
    case 'invariant':
      return [kind, failure.invariant, ...watchPointParts(failure.watchPoint)];
    case 'stalled':
      return [kind, failure.stall.cause];
    case 'fault-never-happened':
      return [kind, failure.fault];
    case 'not-simulated':
      return [kind, failure.name];
    default:
      return [kind];
  }
}

function watchPointParts(watchPoint: WatchPoint): readonly string[] {
  switch (watchPoint.type) {
    case 'write':
      return [watchPoint.type, watchPoint.table];
    case 'checkpoint':
      return [watchPoint.type, watchPoint.eventKind];
    case 'commit':
      return [watchPoint.type];
  }
}
