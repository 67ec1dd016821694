/** Reads a shard: when to poll, from which position, and which lane gets a record. */

import { compareSequenceNumbers, type StreamRecord } from '../model/stream-record.ts';
import { hash32 } from '../random.ts';
import type { DeliveryInput, PollPosition } from './messages.ts';
import { append, EMPTY_QUEUE, queueLength } from './queue.ts';
import type { EventSourceMapping } from './settings.ts';
import { EMPTY_LANE, type Lane } from './state.ts';
import type { ShardDraft, StepContext } from './step-context.ts';

/** Polls the shard if a poll is due. */
export function poll(shard: ShardDraft, context: StepContext): void {
  if (pollDueAtMs(shard, context) > context.nowMs) return;
  const { pollRecordsMax, bufferRecordsMax, pollIntervalMs } = context.settings;
  const limit = Math.min(pollRecordsMax, bufferRecordsMax - queueLength(shard.ledger));
  const { shardId, position: from, fresh } = shard;
  context.commands.push({ type: 'poll', shardId, from, fresh, limit });
  shard.polling = true;
  shard.fresh = false;
  shard.polledAtMs = context.nowMs;
  // Item 1: about once a second, however long the response takes.
  shard.nextPollAtMs = context.nowMs + pollIntervalMs;
}

export function pollDueAtMs(shard: ShardDraft, context: StepContext): number {
  const may =
    context.on &&
    shard.ready &&
    !shard.polling &&
    !shard.closed &&
    queueLength(shard.ledger) < context.settings.bufferRecordsMax;
  return may ? shard.nextPollAtMs : Number.POSITIVE_INFINITY;
}

/** Takes in the records of a poll. */
export function read(
  shard: ShardDraft,
  polled: Extract<DeliveryInput, { readonly type: 'polled' }>,
  context: StepContext,
): void {
  endPoll(shard);
  if (shard.origin.type === 'LATEST') {
    // Item 20: records put before or during this poll may be missed, later ones not.
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
  shard.lanes = fillLanes(shard, records, context);
}

/** The poll failed; the next one starts with a new iterator. */
export function failPoll(shard: ShardDraft): void {
  endPoll(shard);
  shard.fresh = true;
  shard.tipAtMs = Number.NEGATIVE_INFINITY;
}

/**
 * Item 20, `rereadOnResume`: goes back to the checkpoint and drops what was read past it. A busy
 * shard continues instead: otherwise a partition key could be in flight twice.
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
  if (!shard.polling) throw new Error(`${shard.shardId}: no poll is in flight`);
  shard.polling = false;
}

/** A timestamp iterator or a retried poll may return records again; those are dropped. */
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

function fillLanes(
  shard: ShardDraft,
  records: readonly StreamRecord[],
  context: StepContext,
): readonly Lane[] {
  if (shard.lanes.length === 1) return shard.lanes.map((lane) => fill(lane, records, context));
  const parts = shard.lanes.map((): StreamRecord[] => []);
  for (const record of records) parts[laneOf(record.partitionKey, context.settings)]?.push(record);
  return shard.lanes.map((lane, index) => fill(lane, parts[index] ?? [], context));
}

function fill(lane: Lane, records: readonly StreamRecord[], context: StepContext): Lane {
  if (records.length === 0) return lane;
  // Item 2: the window opens with the first record of a batch.
  const openedAtMs = queueLength(lane.queue) === 0 ? context.nowMs : lane.openedAtMs;
  return { ...lane, queue: append(lane.queue, records), openedAtMs };
}
