/**
 * The history of a run: everything that happened, in order, as typed and versioned records.
 * Terminal, report, replay and hash read nothing else.
 */

import type { Failure } from './failure.ts';
import type { Verdict } from './verdict.ts';

/** Bumped whenever a record's shape or meaning changes. */
export const HISTORY_VERSION = 2;

/** The first record: what repeats the run. */
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

/** A record was put onto the stream; an event that is pushed twice has two of these. */
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

/** Entries of a `PutRecords` call were refused and are retried. */
export interface PushRefused {
  readonly type: 'push-refused';
  readonly entries: number;
  readonly error: string;
}

/** A worker started (a cold start) or ended. */
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
  /** Whether it repeats a successful delivery (item 17 of the event source mapping). */
  readonly repeated: boolean;
  readonly sequenceNumbers: readonly string[];
}

/**
 * A worker was killed (SIGKILL) in mid-batch, because the options request it. The end of its
 * invocation follows.
 */
export interface InvocationKilled {
  readonly type: 'invocation-killed';
  readonly invocation: number;
  readonly worker: string;
  /** Writes of this invocation that were acknowledged; at least 1. */
  readonly acknowledgedWrites: number;
  /** Whether the write at which it died still reached DynamoDB. */
  readonly lastWriteForwarded: boolean;
}

/** A fault happened that is not one of a request to DynamoDB. */
export interface FaultHappened {
  readonly type: 'fault-happened';
  readonly fault: string;
}

/** The shipped handler reached a situation of interest. In the memory world only. */
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
  /** The process died. */
  | { readonly kind: 'crashed'; readonly error: string }
  /** The handler never ran; no retry is used up. */
  | { readonly kind: 'throttled' };

/** The records of an invocation's batch that its outcome acknowledges, by sequence number. */
export function acknowledged(
  sequenceNumbers: readonly string[],
  outcome: InvocationOutcome,
): readonly string[] {
  if (outcome.kind === 'success') return sequenceNumbers;
  if (outcome.kind !== 'partial') return [];
  const failed = new Set(outcome.failed);
  return sequenceNumbers.filter((sequenceNumber) => !failed.has(sequenceNumber));
}

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

/** Units that one request consumed, on the table and its indexes, as DynamoDB counts them. */
export interface Capacity {
  readonly readUnits: number;
  readonly writeUnits: number;
}

/** A request to DynamoDB passed through the gateway. */
export interface Requested {
  readonly type: 'requested';
  /** Unique in the run, counted from 1. */
  readonly request: number;
  /** The worker that sent it, and its invocation (0 outside any). */
  readonly worker: string;
  readonly invocation: number;
  /** Such as `TransactWriteItems`. */
  readonly operation: string;
  /** The real names of its tables. */
  readonly tables: readonly string[];
  /** Items that it requests to write or read. */
  readonly items: number;
  /** `ok`, or DynamoDB's name of the error, such as `TransactionCanceledException`. */
  readonly outcome: string;
  /** For a cancelled transaction, one code per action. */
  readonly cancellationReasons?: readonly string[];
  readonly capacity: Capacity;
  /** Units of a cancelled transaction or a failed condition that DynamoDB does not report. */
  readonly cancelledWriteUnits: number;
  /** The fault that was injected, if any. */
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

/**
 * The row of a sentinel was read. A sentinel is a record that is put onto a shard after all others.
 */
export interface SentinelApplied {
  readonly type: 'sentinel-applied';
  readonly shardId: string;
  /** From 1. Those of the second round are put when those of the first are applied. */
  readonly round: number;
  /** From its put to the read that found its row. */
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
