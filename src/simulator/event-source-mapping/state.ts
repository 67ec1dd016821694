/**
 * The state of an event source mapping: immutable values that consecutive states share. A shard has
 * `parallelizationFactor` lanes. A lane holds a queue of records read and the batch it has begun,
 * which is in several pieces after a split.
 */
import type { StreamRecord } from '../model/stream-record.ts';
import type { DiscoveredShard, PollPosition } from './messages.ts';
import { EMPTY_QUEUE, type Queue } from './queue.ts';
import type { EventSourceMapping } from './settings.ts';

export interface MappingState {
  readonly settings: EventSourceMapping;
  readonly on: boolean;
  /** Invocations so far; the next one's id is one more. */
  readonly invocations: number;
  /** Repeats due (item 17), as a fraction of one; undefined before the first success. */
  readonly repeatsDue: number | undefined;
  /** A shard ended, and its children are not known yet. */
  readonly discovering: boolean;
  /** Shards were discovered before; later ones are read from their beginning (item 20). */
  readonly discovered: boolean;
  /** The wake last requested; Infinity for none. */
  readonly wakeAtMs: number;
  readonly shards: ReadonlyMap<string, ShardState>;
}

export interface ShardState {
  readonly shardId: string;
  readonly parents: readonly string[];
  /** The parents are drained, or don't have to be (item 19). */
  readonly ready: boolean;
  /** Where reading begins while there is no checkpoint. */
  readonly origin: PollPosition;
  /** Just after the last record read. */
  readonly position: PollPosition;
  /** The next poll needs a new iterator. */
  readonly fresh: boolean;
  readonly polling: boolean;
  /** When the last poll was sent. */
  readonly polledAtMs: number;
  readonly nextPollAtMs: number;
  /** When the last poll was sent, if it was empty and reached the tip; else -Infinity. */
  readonly tipAtMs: number;
  /** The shard was read to its end. */
  readonly closed: boolean;
  /** All records up to this one are done or discarded. */
  readonly checkpoint: string | undefined;
  /** Records past the checkpoint, done or not, in the order of the shard. */
  readonly ledger: Queue<StreamRecord>;
  readonly lanes: readonly Lane[];
  /** Scheduled repeats (item 17). */
  readonly repeats: readonly Repeat[];
  readonly running: readonly Invocation[];
  /** When the shard can next advance without another input; Infinity for never. */
  readonly dueAtMs: number;
}

export interface Lane {
  readonly queue: Queue<StreamRecord>;
  /** When the batching window opened. */
  readonly openedAtMs: number;
  /** The begun batch, in order; only the first piece can be in flight. */
  readonly pieces: readonly Batch[];
  readonly running: boolean;
  /** When the first piece may be delivered. */
  readonly retryAtMs: number;
}

export interface Batch {
  readonly records: readonly StreamRecord[];
  /** Invocations with these records. */
  readonly invocations: number;
  /** Failed invocations that count against `retryAttemptsMax`. */
  readonly failures: number;
  /** Failures and throttles in a row, which determine the back-off. */
  readonly consecutiveFailures: number;
}

export interface Repeat {
  readonly atMs: number;
  readonly lane: number;
  readonly attempt: number;
  readonly records: readonly StreamRecord[];
}

export interface Invocation {
  readonly invocationId: number;
  readonly shardId: string;
  readonly lane: number;
  readonly repeated: boolean;
  readonly records: readonly StreamRecord[];
}

/** A mapping that is switched on and has discovered no shard. */
export function createMapping(settings: EventSourceMapping): MappingState {
  return {
    settings,
    on: true,
    invocations: 0,
    repeatsDue: undefined,
    discovering: false,
    discovered: false,
    wakeAtMs: Number.POSITIVE_INFINITY,
    shards: new Map(),
  };
}

export const EMPTY_LANE: Lane = {
  queue: EMPTY_QUEUE,
  openedAtMs: 0,
  pieces: [],
  running: false,
  retryAtMs: 0,
};

/** A shard that has not been read. */
export function createShard(
  discovered: DiscoveredShard,
  start: 'TRIM_HORIZON' | 'LATEST',
  lanes: number,
): ShardState {
  const origin: PollPosition =
    discovered.checkpoint === undefined
      ? { type: start }
      : { type: 'AFTER_SEQUENCE_NUMBER', sequenceNumber: discovered.checkpoint };
  return {
    shardId: discovered.shardId,
    parents: discovered.parents,
    ready: false,
    origin,
    position: origin,
    fresh: true,
    polling: false,
    polledAtMs: 0,
    nextPollAtMs: Number.NEGATIVE_INFINITY,
    tipAtMs: Number.NEGATIVE_INFINITY,
    closed: false,
    checkpoint: discovered.checkpoint,
    ledger: EMPTY_QUEUE,
    lanes: new Array<Lane>(lanes).fill(EMPTY_LANE),
    repeats: [],
    running: [],
    dueAtMs: Number.POSITIVE_INFINITY,
  };
}
