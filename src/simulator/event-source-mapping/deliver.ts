/** Invoking the function: each idle lane of a shard gets its next batch, or its retry, when it may. */
import type { StreamRecord } from '../model/stream-record.ts';
import { ageMsMax, closedBatchLength, newBatch, payloadBytes } from './batches.ts';
import { discard } from './discard.ts';
import { drop, queueLength } from './queue.ts';
import type { Batch, Invocation, Lane } from './state.ts';
import type { ShardDraft, Turn } from './turn.ts';

/** Starts all that may start now. Whatever expired on the way is discarded. */
export function deliver(shard: ShardDraft, turn: Turn): void {
  if (!turn.on) return;
  // A batch that expires may free lanes that were looked at before it.
  let again = true;
  while (again) {
    again = false;
    for (let index = 0; index < shard.lanes.length; index++) {
      if (deliverLane(shard, index, turn)) again = turn.settings.blocksShard;
    }
  }
  deliverRepeats(shard, turn);
}

/** When a lane or a repeat of this shard may start though nothing else happens. */
export function deliveryDueAtMs(shard: ShardDraft, turn: Turn): number {
  let dueAtMs = Number.POSITIVE_INFINITY;
  if (!turn.on) return dueAtMs;
  for (let index = 0; index < shard.lanes.length; index++) {
    const lane = laneAt(shard, index);
    if (lane.running) continue;
    if (lane.pieces.length > 0) dueAtMs = Math.min(dueAtMs, lane.retryAtMs);
    else if (queueLength(lane.queue) > 0 && !isHeldUp(shard, turn)) {
      dueAtMs = Math.min(dueAtMs, lane.openedAtMs + turn.settings.batchWindowMs);
    }
  }
  for (const repeat of shard.repeats) dueAtMs = Math.min(dueAtMs, repeat.atMs);
  return dueAtMs;
}

export function laneAt(shard: ShardDraft, index: number): Lane {
  const lane = shard.lanes[index];
  if (lane === undefined) throw new Error(`${shard.shardId} has no lane ${index}`);
  return lane;
}

export function replaceLane(shard: ShardDraft, index: number, lane: Lane): void {
  shard.lanes = shard.lanes.with(index, lane);
}

/** Returns whether it discarded anything. */
function deliverLane(shard: ShardDraft, index: number, turn: Turn): boolean {
  let discarded = false;
  for (;;) {
    const lane = beginBatch(shard, index, turn);
    const [batch, ...others] = lane.pieces;
    if (lane.running || batch === undefined || turn.nowMs < lane.retryAtMs) return discarded;
    const records = deliverable(shard, batch, turn);
    if (records.length < batch.records.length) discarded = true;
    if (records.length > 0) {
      const pieces = [{ ...batch, records }, ...others];
      replaceLane(shard, index, { ...lane, pieces, running: true });
      invoke(
        shard,
        { lane: index, attempt: batch.invocations + 1, repeated: false, records },
        turn,
      );
      return discarded;
    }
    replaceLane(shard, index, { ...lane, pieces: others });
  }
}

/** The lane with a batch begun, if there is one to begin. */
function beginBatch(shard: ShardDraft, index: number, turn: Turn): Lane {
  const lane = laneAt(shard, index);
  if (lane.pieces.length > 0 || queueLength(lane.queue) === 0) return lane;
  if (isHeldUp(shard, turn)) return lane;
  const windowIsOver = turn.nowMs >= lane.openedAtMs + turn.settings.batchWindowMs;
  const length = closedBatchLength(lane.queue, windowIsOver, turn.settings);
  if (length === 0) return lane;
  const { items, head } = lane.queue;
  const whole = head === 0 && length === items.length;
  return {
    queue: drop(lane.queue, length),
    // The window of what follows opens here, though some of it was read before.
    openedAtMs: turn.nowMs,
    pieces: [newBatch(whole ? items : items.slice(head, head + length))],
    running: false,
    retryAtMs: turn.nowMs,
  };
}

/** Item 5: with `blocksShard`, no lane begins a batch while one that has failed isn't done. */
function isHeldUp(shard: ShardDraft, turn: Turn): boolean {
  if (!turn.settings.blocksShard) return false;
  return shard.lanes.some((lane) =>
    lane.pieces.some((piece) => piece.invocations > 0 || piece.setbacks > 0),
  );
}

/** Item 13: the fresh rest. What is cut out is discarded, be it that it was never delivered. */
function deliverable(shard: ShardDraft, batch: Batch, turn: Turn): readonly StreamRecord[] {
  const oldestMs = turn.nowMs - ageMsMax(turn.settings);
  const { records, invocations } = batch;
  if (records.some((record) => record.arrivedAtMs < oldestMs)) {
    const expired = records.filter((record) => record.arrivedAtMs < oldestMs);
    discard(shard, 'record-age-exceeded', expired, invocations, turn);
    return records.filter((record) => record.arrivedAtMs >= oldestMs);
  }
  const [first] = records;
  if (
    records.length === 1 &&
    first &&
    turn.settings.oversizedRecord === 'discard' &&
    payloadBytes(first, turn.settings) > turn.settings.payloadBytesMax
  ) {
    discard(shard, 'payload-exceeded', records, invocations, turn);
    return [];
  }
  return records;
}

/** Item 17: beside whatever else runs, its own lane included. */
function deliverRepeats(shard: ShardDraft, turn: Turn): void {
  if (shard.repeats.length === 0) return;
  const due = shard.repeats.filter((repeat) => repeat.atMs <= turn.nowMs);
  if (due.length === 0) return;
  shard.repeats = shard.repeats.filter((repeat) => repeat.atMs > turn.nowMs);
  for (const { lane, attempt, records } of due) {
    invoke(shard, { lane, attempt, repeated: true, records }, turn);
  }
}

function invoke(
  shard: ShardDraft,
  what: Omit<Invocation, 'invocationId' | 'shardId'> & { readonly attempt: number },
  turn: Turn,
): void {
  turn.invocations++;
  const { lane, attempt, repeated, records } = what;
  const invocation = { invocationId: turn.invocations, shardId: shard.shardId, lane, repeated };
  shard.running = [...shard.running, { ...invocation, records }];
  turn.commands.push({ type: 'invoke', ...invocation, attempt, records });
}
