/** Inputs and commands of the mapping's state machine. */
import type {
  Answered,
  BatchDiscarded,
  BatchSplit,
  CheckpointMoved,
  FaultHappened,
} from '../model/history.ts';
import type { StreamRecord } from '../model/stream-record.ts';

export type DeliveryInput =
  /** Starts a mapping, and responds to `discover`. Lists all shards; known ones are ignored. */
  | { readonly type: 'shards-discovered'; readonly shards: readonly DiscoveredShard[] }
  /** Responds to `poll`. `endOfShard`: the shard is closed and these are its last records. */
  | {
      readonly type: 'polled';
      readonly shardId: string;
      readonly records: readonly StreamRecord[];
      readonly millisBehindLatest: number;
      readonly endOfShard: boolean;
    }
  /** Responds to `poll`: an expired iterator, a throttle, a lost connection. */
  | { readonly type: 'poll-failed'; readonly shardId: string }
  /** Responds to `invoke`. */
  | { readonly type: 'answered'; readonly invocationId: number; readonly result: InvocationResult }
  /** Time has passed: sent at the time of a `wake`, and allowed at any other. */
  | { readonly type: 'tick' }
  /** Item 20. While off, running invocations finish; nothing new is polled or invoked. */
  | { readonly type: 'switched'; readonly on: boolean };

export interface DiscoveredShard {
  readonly shardId: string;
  /** Item 19. None, one after a split, two after a merge. */
  readonly parents: readonly string[];
  /** Where an earlier mapping stopped; undefined: begin at the starting position. */
  readonly checkpoint?: string;
}

/** How an invocation ended; what that means for its batch is an `InvocationOutcome`. */
export type InvocationResult =
  | { readonly kind: 'returned'; readonly value: unknown }
  | { readonly kind: 'threw'; readonly error: string }
  | { readonly kind: 'timed-out' }
  | { readonly kind: 'crashed'; readonly error: string }
  /** The function never ran: a throttle, or a failure before it started (item 11). */
  | { readonly kind: 'throttled' };

/** Commands are carried out in order. */
export type DeliveryCommand =
  | PollCommand
  | InvokeCommand
  | DiscardCommand
  /** A shard ended: list all shards and respond with `shards-discovered`. */
  | { readonly type: 'discover' }
  /** Append a fact to the history. */
  | {
      readonly type: 'append';
      readonly fact: Answered | BatchSplit | CheckpointMoved | FaultHappened;
    }
  /** Send `tick` at this time; replaces the previous wake. */
  | { readonly type: 'wake'; readonly atMs: number };

export interface PollCommand {
  readonly type: 'poll';
  readonly shardId: string;
  readonly from: PollPosition;
  /** False: `from` is where the last poll ended, so a driver may reuse its iterator. */
  readonly fresh: boolean;
  readonly limit: number;
}

export type PollPosition =
  | { readonly type: 'TRIM_HORIZON' }
  | { readonly type: 'LATEST' }
  | { readonly type: 'AT_TIMESTAMP'; readonly atMs: number }
  | { readonly type: 'AFTER_SEQUENCE_NUMBER'; readonly sequenceNumber: string };

export interface InvokeCommand {
  readonly type: 'invoke';
  /** Counted from 1. */
  readonly invocationId: number;
  readonly shardId: string;
  readonly lane: number;
  /** 1 for the first invocation with these records; throttled invocations don't count. */
  readonly attempt: number;
  /** Item 17: the batch had already succeeded. */
  readonly repeated: boolean;
  readonly records: readonly StreamRecord[];
}

/** Item 14: the batch goes to the on-failure destination. */
export interface DiscardCommand {
  readonly type: 'discard';
  readonly shardId: string;
  readonly reason: BatchDiscarded['reason'];
  readonly invocations: number;
  readonly records: readonly StreamRecord[];
}
