/** Reading a shard: when it is polled, from where, and which lane a record goes to. */

import { compareSequenceNumbers, type StreamRecord } from '../model/stream-record.ts';
import { hash32 } from '../random.ts';
import type { DeliveryInput, PollPosition } from './messages.ts';
import { append, EMPTY_QUEUE, queueLength } from './queue.ts';
import type { EventSourceMapping } from './settings.ts';
import { EMPTY_LANE, type Lane } from './state.ts';
import type { ShardDraft, Turn } from './turn.ts';

/** Polls the shard if it is time to. */
export function poll(shard: ShardDraft, turn: Turn): void {
  if (pollDueAtMs(shard, turn) > turn.nowMs) return;
  const { pollRecordsMax, bufferRecordsMax, pollIntervalMs } = turn.settings;
  const limit = Math.min(pollRecordsMax, bufferRecordsMax - queueLength(shard.ledger));
  const { shardId, position: from, fresh } = shard;
  turn.commands.push({ type: 'poll', shardId, from, fresh, limit });
  shard.polling = true;
  shard.fresh = false;
  shard.polledAtMs = turn.nowMs;
  // Item 1: about once a second, however long the answer takes.
  shard.nextPollAtMs = turn.nowMs + pollIntervalMs;
}

export function pollDueAtMs(shard: ShardDraft, turn: Turn): number {
  const may =
    turn.on &&
    shard.ready &&
    !shard.polling &&
    !shard.closed &&
    queueLength(shard.ledger) < turn.settings.bufferRecordsMax;
  return may ? shard.nextPollAtMs : Number.POSITIVE_INFINITY;
}

/** Takes in what a poll brought. */
export function read(
  shard: ShardDraft,
  polled: Extract<DeliveryInput, { readonly type: 'polled' }>,
  turn: Turn,
): void {
  endPoll(shard);
  if (shard.origin.type === 'LATEST') {
    // Item 20: what came before this poll, or with it, may be missed, but nothing after it.
    const afterPollMs = shard.polledAtMs + 1;
    const firstMs = polled.records[0]?.arrivedAtMs ?? afterPollMs;
    shard.origin = { type: 'AT_TIMESTAMP', atMs: Math.min(firstMs, afterPollMs) };
    shard.position = shard.origin;
  }
  const records = recordsAfter(shard.position, polled.records);
  const last = records.at(-1);
  if (last) shard.position = { type: 'AFTER_SEQUENCE_NUMBER', sequenceNumber: last.sequenceNumber };
  shard.closed = polled.endOfShard;
  const atTip = records.length === 0 && (polled.endOfShard || polled.millisBehindLatest === 0);
  shard.tipAtMs = atTip ? shard.polledAtMs : Number.NEGATIVE_INFINITY;
  shard.ledger = append(shard.ledger, records);
  shard.lanes = shard.lanes.length === 1 ? one(shard, records, turn) : spread(shard, records, turn);
}

/** A poll that brought nothing; the next one starts with a new iterator. */
export function failPoll(shard: ShardDraft): void {
  endPoll(shard);
  shard.fresh = true;
  shard.tipAtMs = Number.NEGATIVE_INFINITY;
}

/**
 * Item 20, `rereadOnResume`: back to the checkpoint, forgetting what was read past it. Only a shard at
 * rest goes back, for else a partition key could be in flight twice; the others go on as they were.
 */
export function rewind(shard: ShardDraft): void {
  const atRest = !shard.polling && !shard.lanes.some((lane) => lane.running);
  if (!atRest || queueLength(shard.ledger) === 0) return;
  shard.position =
    shard.checkpoint === undefined
      ? shard.origin
      : { type: 'AFTER_SEQUENCE_NUMBER', sequenceNumber: shard.checkpoint };
  shard.fresh = true;
  shard.closed = false;
  shard.tipAtMs = Number.NEGATIVE_INFINITY;
  shard.ledger = EMPTY_QUEUE;
  shard.lanes = shard.lanes.map(() => EMPTY_LANE);
}

/** Item 3: the lane that keeps a partition key's records in order. */
export function laneOf(
  partitionKey: string,
  settings: Pick<EventSourceMapping, 'parallelizationFactor'>,
): number {
  return hash32(partitionKey) % settings.parallelizationFactor;
}

function endPoll(shard: ShardDraft): void {
  if (!shard.polling)
    throw new Error(`${shard.shardId}: a poll was answered that nobody asked for`);
  shard.polling = false;
}

/** A new iterator by time, or a retried read, may bring records again; they are never read twice. */
function recordsAfter(
  position: PollPosition,
  records: readonly StreamRecord[],
): readonly StreamRecord[] {
  const first = records[0];
  if (first === undefined || position.type !== 'AFTER_SEQUENCE_NUMBER') return records;
  const { sequenceNumber } = position;
  if (compareSequenceNumbers(first.sequenceNumber, sequenceNumber) > 0) return records;
  return records.filter(
    (record) => compareSequenceNumbers(record.sequenceNumber, sequenceNumber) > 0,
  );
}

function one(shard: ShardDraft, records: readonly StreamRecord[], turn: Turn): readonly Lane[] {
  return shard.lanes.map((lane) => fill(lane, records, turn));
}

function spread(shard: ShardDraft, records: readonly StreamRecord[], turn: Turn): readonly Lane[] {
  const parts = shard.lanes.map((): StreamRecord[] => []);
  for (const record of records) parts[laneOf(record.partitionKey, turn.settings)]?.push(record);
  return shard.lanes.map((lane, index) => fill(lane, parts[index] ?? [], turn));
}

function fill(lane: Lane, records: readonly StreamRecord[], turn: Turn): Lane {
  if (records.length === 0) return lane;
  // Item 2: the window opens with the first record of a batch.
  const openedAtMs = queueLength(lane.queue) === 0 ? turn.nowMs : lane.openedAtMs;
  return { ...lane, queue: append(lane.queue, records), openedAtMs };
}
