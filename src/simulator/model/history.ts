/**
 * The history: everything that happened in a run, in the order in which it happened, as versioned,
 * typed records. What the terminal, the report, a replay and a hash show is read from it alone.
 */

import type { Failure } from './failure.ts';
import type { Verdict } from './verdict.ts';

/** Bumped whenever a record's shape or meaning changes. */
export const HISTORY_VERSION = 2;

/** The first record: what it takes to repeat the run. */
export interface RunStarted {
  readonly type: 'run-started';
  readonly version: typeof HISTORY_VERSION;
  readonly workload: string;
  readonly seed: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** A stage of the run began or ended. */
export interface StageChanged {
  readonly type: 'stage-started' | 'stage-ended';
  readonly stage: 'start' | 'generate' | 'disorder' | 'push' | 'deliver' | 'check' | 'stop';
}

/** A record was put onto the stream; an event pushed twice makes two of these. */
export interface RecordPushed {
  readonly type: 'record-pushed';
  /** Position among the pushes. */
  readonly push: number;
  /** Index into the canonical history; -1 for a malformed record. */
  readonly event: number;
  /** 0 for the first, counted up for copies. */
  readonly copy: number;
  readonly shardId: string;
  readonly sequenceNumber: string;
}

/** Entries of a `PutRecords` call were refused and are tried again. */
export interface PushRefused {
  readonly type: 'push-refused';
  readonly entries: number;
  readonly error: string;
}

/** A worker process came up (a cold start) or went away. */
export interface WorkerChanged {
  readonly type: 'worker-started' | 'worker-killed' | 'worker-exited';
  readonly worker: string;
  readonly reason?: string;
}

/** The event source mapping invoked the function with a batch of one shard. */
export interface Invoked {
  readonly type: 'invoked';
  /** Unique in the run, counted from 1. */
  readonly invocation: number;
  readonly worker: string;
  readonly shardId: string;
  /** 1 for the first invocation with this batch. */
  readonly attempt: number;
  /** Whether it repeats a delivery that had succeeded (item 17 of the event source mapping). */
  readonly repeated: boolean;
  readonly sequenceNumbers: readonly string[];
}

/** A worker was killed (SIGKILL) in mid-batch, on purpose; how its invocation ends follows. */
export interface InvocationKilled {
  readonly type: 'invocation-killed';
  readonly invocation: number;
  readonly worker: string;
  /** Writes of this invocation that had been answered as done; at least 1. */
  readonly acknowledgedWrites: number;
  /** Whether the write at which it died was passed on to DynamoDB all the same. */
  readonly lastWriteForwarded: boolean;
}

/** A fault that befell no request to DynamoDB happened. */
export interface FaultHappened {
  readonly type: 'fault-happened';
  readonly fault: string;
}

/** The shipped handler met a situation that is worth reaching; it tells in the deterministic world only. */
export interface SituationReached {
  readonly type: 'situation-reached';
  readonly situation: string;
}

/** How an invocation ended, as Lambda sees it. */
export type InvocationOutcome =
  | { readonly kind: 'success' }
  /** A valid partial batch response. */
  | { readonly kind: 'partial'; readonly failed: readonly string[] }
  /** An exception, a malformed response, an unknown item identifier. */
  | { readonly kind: 'failure'; readonly error: string }
  | { readonly kind: 'timed-out' }
  /** The process died under it. */
  | { readonly kind: 'crashed'; readonly error: string }
  /** It never ran; uses up no retry. */
  | { readonly kind: 'throttled' };

export interface Answered {
  readonly type: 'answered';
  readonly invocation: number;
  readonly outcome: InvocationOutcome;
}

/** A batch was split, discarded to the on-failure destination, or the checkpoint moved. */
export interface BatchSplit {
  readonly type: 'batch-split';
  readonly shardId: string;
  readonly sizes: readonly number[];
}
export interface BatchDiscarded {
  readonly type: 'batch-discarded';
  readonly shardId: string;
  readonly reason: 'retry-attempts-exhausted' | 'record-age-exceeded' | 'payload-exceeded';
  readonly invocations: number;
  readonly sequenceNumbers: readonly string[];
}
export interface CheckpointMoved {
  readonly type: 'checkpoint-moved';
  readonly shardId: string;
  readonly sequenceNumber: string;
}

/** Units consumed by one request: the table's own and its indexes', by DynamoDB's accounting. */
export interface Capacity {
  readonly readUnits: number;
  readonly writeUnits: number;
}

/** A request to DynamoDB passed through the gateway. */
export interface Requested {
  readonly type: 'requested';
  /** Unique in the run, counted from 1. */
  readonly request: number;
  /** Whose request: the worker, and the invocation it was working on (0 outside any). */
  readonly worker: string;
  readonly invocation: number;
  /** Such as `TransactWriteItems`. */
  readonly operation: string;
  /** Real table names it touched. */
  readonly tables: readonly string[];
  /** Items written or read, as asked for. */
  readonly items: number;
  /** `ok`, or the error's name as DynamoDB gives it, such as `TransactionCanceledException`. */
  readonly outcome: string;
  /** For a cancelled transaction, one code per action. */
  readonly cancellationReasons?: readonly string[];
  readonly capacity: Capacity;
  /** What a cancelled transaction or failed condition costs although the answer does not report it. */
  readonly cancelledWriteUnits: number;
  /** Name of the fault that the gateway put in, if any. */
  readonly fault?: string;
}

/** A request to another service than DynamoDB, as it left the handler. */
export interface ServiceRequested {
  readonly type: 'service-requested';
  readonly worker: string;
  readonly invocation: number;
  /** Such as `sqs` and `SendMessage`. */
  readonly service: string;
  readonly operation: string;
}

/** The row of a sentinel appeared: a record that was put onto a shard after all others. */
export interface SentinelApplied {
  readonly type: 'sentinel-applied';
  readonly shardId: string;
  /** Counted from 1; those of the second are put when those of the first are there. */
  readonly round: number;
  /** From its put to the look that saw it. */
  readonly lagMs: number;
}

/** The last record. */
export interface RunEnded {
  readonly type: 'run-ended';
  readonly verdict: Verdict;
  readonly failures: readonly Failure[];
}

export type HistoryFact =
  | RunStarted
  | StageChanged
  | RecordPushed
  | PushRefused
  | WorkerChanged
  | Invoked
  | InvocationKilled
  | FaultHappened
  | SituationReached
  | Answered
  | BatchSplit
  | BatchDiscarded
  | CheckpointMoved
  | Requested
  | ServiceRequested
  | SentinelApplied
  | RunEnded;

/** A fact with the time at which it happened, milliseconds since the run began. */
export type HistoryRecord = HistoryFact & { readonly atMs: number };
