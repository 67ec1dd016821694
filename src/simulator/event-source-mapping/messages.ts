/**
 * What goes into the delivery machine and what comes out. A driver feeds inputs, carries out commands
 * in the order given, and knows nothing else of event source mappings.
 */
import type {
  Answered,
  BatchDiscarded,
  BatchSplit,
  CheckpointMoved,
  FaultHappened,
} from '../model/history.ts';
import type { StreamRecord } from '../model/stream-record.ts';

export type DeliveryInput =
  /** Answers `discover`, and starts a mapping: all shards there are; known ones are passed over. */
  | { readonly type: 'shards-discovered'; readonly shards: readonly DiscoveredShard[] }
  /** Answers `poll`. `endOfShard`: it is closed, and these are the last records. */
  | {
      readonly type: 'polled';
      readonly shardId: string;
      readonly records: readonly StreamRecord[];
      readonly millisBehindLatest: number;
      readonly endOfShard: boolean;
    }
  /** Answers `poll`: an expired iterator, a throttle, a lost connection. */
  | { readonly type: 'poll-failed'; readonly shardId: string }
  /** Answers `invoke`. */
  | { readonly type: 'answered'; readonly invocationId: number; readonly answer: Answer }
  /** Time has come: at a `wake`, or whenever one likes. */
  | { readonly type: 'tick' }
  /** Item 20. Off: what runs is answered, nothing new is polled or invoked. */
  | { readonly type: 'switched'; readonly on: boolean };

export interface DiscoveredShard {
  readonly shardId: string;
  /** Item 19. None, one after a split, two after a merge. */
  readonly parents: readonly string[];
  /** Where an earlier mapping had got to; without it, the starting position. */
  readonly checkpoint?: string;
}

/** How an invocation ended, before anybody has made sense of it. */
export type Answer =
  | { readonly kind: 'returned'; readonly value: unknown }
  | { readonly kind: 'threw'; readonly error: string }
  | { readonly kind: 'timed-out' }
  | { readonly kind: 'crashed'; readonly error: string }
  /** It never ran: a throttle, or a failure before the function started (item 11). */
  | { readonly kind: 'throttled' };

export type DeliveryCommand =
  | PollCommand
  | InvokeCommand
  | DiscardCommand
  /** Shards ended: list them all, and answer with `shards-discovered`. */
  | { readonly type: 'discover' }
  /** For the history. The driver adds what only it knows, such as what the handler counted. */
  | {
      readonly type: 'record';
      readonly fact: Answered | BatchSplit | CheckpointMoved | FaultHappened;
    }
  /** Tick at this time; replaces the wake before. */
  | { readonly type: 'wake'; readonly atMs: number };

export interface PollCommand {
  readonly type: 'poll';
  readonly shardId: string;
  readonly from: PollPosition;
  /** False: `from` is where the last poll ended, so a driver may go on with the iterator it kept. */
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
  /** 1 for the first time that these records run; those that never ran don't count. */
  readonly attempt: number;
  /** Item 17: it had succeeded before. */
  readonly repeated: boolean;
  readonly records: readonly StreamRecord[];
}

/** Item 14. SQS and SNS get the metadata, S3 the records too. */
export interface DiscardCommand {
  readonly type: 'discard';
  readonly shardId: string;
  readonly reason: DiscardReason;
  readonly invocations: number;
  readonly records: readonly StreamRecord[];
  readonly metadata: DiscardMetadata;
}

export type DiscardReason = BatchDiscarded['reason'] | 'payload-exceeded';

/** The part of the failure destination's message that the mapping knows; names as AWS has them. */
export interface DiscardMetadata {
  readonly requestContext: {
    readonly condition: string;
    readonly approximateInvokeCount: number;
  };
  readonly version: '1.0';
  readonly timestamp: string;
  readonly KinesisBatchInfo: {
    readonly shardId: string;
    readonly startSequenceNumber: string;
    readonly endSequenceNumber: string;
    readonly approximateArrivalOfFirstRecord: string;
    readonly approximateArrivalOfLastRecord: string;
    readonly batchSize: number;
  };
}
