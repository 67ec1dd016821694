/** Invokes the function: each idle lane of a shard gets its next batch or retry once it is due. */
import type { StreamRecord } from '../model/stream-record.ts';
import { ageMsMax, closedBatchLength, newBatch, payloadBytes } from './batches.ts';
import { discard } from './discard.ts';
import { drop, queueLength } from './queue.ts';
import type { Batch, Invocation, Lane } from './state.ts';
import type { ShardDraft, StepContext } from './step-context.ts';

/** Starts every invocation that is due, and discards expired records. */
export function deliver(shard: ShardDraft, context: StepContext): void {
  if (!context.on) return;
  // With `blocksShard`, an expired batch may unblock lanes that this loop has passed.
  let again = true;
  while (again) {
    again = false;
    for (let index = 0; index < shard.lanes.length; index++) {
      if (deliverLane(shard, index, context)) again = context.settings.blocksShard;
    }
  }
  deliverRepeats(shard, context);
}

/** The earliest time at which a lane or repeat of this shard can start without another input. */
export function deliveryDueAtMs(shard: ShardDraft, context: StepContext): number {
  let dueAtMs = Number.POSITIVE_INFINITY;
  if (!context.on) return dueAtMs;
  for (let index = 0; index < shard.lanes.length; index++) {
    const lane = laneAt(shard, index);
    if (lane.running) continue;
    if (lane.pieces.length > 0) dueAtMs = Math.min(dueAtMs, lane.retryAtMs);
    else if (queueLength(lane.queue) > 0 && !isBlocked(shard, context)) {
      dueAtMs = Math.min(dueAtMs, lane.openedAtMs + context.settings.batchWindowMs);
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
function deliverLane(shard: ShardDraft, index: number, context: StepContext): boolean {
  let discarded = false;
  for (;;) {
    const lane = beginBatch(shard, index, context);
    const [batch, ...others] = lane.pieces;
    if (lane.running || batch === undefined || context.nowMs < lane.retryAtMs) return discarded;
    const records = deliverable(shard, batch, context);
    if (records.length < batch.records.length) discarded = true;
    if (records.length > 0) {
      const pieces = [{ ...batch, records }, ...others];
      replaceLane(shard, index, { ...lane, pieces, running: true });
      invoke(
        shard,
        { lane: index, attempt: batch.invocations + 1, repeated: false, records },
        context,
      );
      return discarded;
    }
    replaceLane(shard, index, { ...lane, pieces: others });
  }
}

/** The lane with its next batch begun, if one is closed. */
function beginBatch(shard: ShardDraft, index: number, context: StepContext): Lane {
  const lane = laneAt(shard, index);
  if (lane.pieces.length > 0 || queueLength(lane.queue) === 0) return lane;
  if (isBlocked(shard, context)) return lane;
  const windowIsOver = context.nowMs >= lane.openedAtMs + context.settings.batchWindowMs;
  const length = closedBatchLength(lane.queue, windowIsOver, context.settings);
  if (length === 0) return lane;
  const { items, head } = lane.queue;
  const whole = head === 0 && length === items.length;
  return {
    queue: drop(lane.queue, length),
    // The next window opens now, also for records that were read earlier.
    openedAtMs: context.nowMs,
    pieces: [newBatch(whole ? items : items.slice(head, head + length))],
    running: false,
    retryAtMs: context.nowMs,
  };
}

/** Item 5: with `blocksShard`, no lane begins a batch while a failed one is not done. */
function isBlocked(shard: ShardDraft, context: StepContext): boolean {
  if (!context.settings.blocksShard) return false;
  return shard.lanes.some((lane) =>
    lane.pieces.some((piece) => piece.invocations > 0 || piece.consecutiveFailures > 0),
  );
}

/** Item 13: the unexpired records. The others are discarded, even if never delivered. */
function deliverable(
  shard: ShardDraft,
  batch: Batch,
  context: StepContext,
): readonly StreamRecord[] {
  const oldestMs = context.nowMs - ageMsMax(context.settings);
  const { records, invocations } = batch;
  if (records.some((record) => record.arrivedAtMs < oldestMs)) {
    const expired = records.filter((record) => record.arrivedAtMs < oldestMs);
    discard(shard, 'record-age-exceeded', expired, invocations, context);
    return records.filter((record) => record.arrivedAtMs >= oldestMs);
  }
  const [first] = records;
  if (
    records.length === 1 &&
    first &&
    context.settings.oversizedRecord === 'discard' &&
    payloadBytes(first, context.settings) > context.settings.payloadBytesMax
  ) {
    discard(shard, 'payload-exceeded', records, invocations, context);
    return [];
  }
  return records;
}

/** Item 17: a repeat runs beside other batches, those of its own lane included. */
function deliverRepeats(shard: ShardDraft, context: StepContext): void {
  if (shard.repeats.length === 0) return;
  const due = shard.repeats.filter((repeat) => repeat.atMs <= context.nowMs);
  if (due.length === 0) return;
  shard.repeats = shard.repeats.filter((repeat) => repeat.atMs > context.nowMs);
  for (const { lane, attempt, records } of due) {
    invoke(shard, { lane, attempt, repeated: true, records }, context);
  }
}

function invoke(
  shard: ShardDraft,
  batch: Omit<Invocation, 'invocationId' | 'shardId'> & { readonly attempt: number },
  context: StepContext,
): void {
  context.invocations++;
  const { lane, attempt, repeated, records } = batch;
  const invocation = { invocationId: context.invocations, shardId: shard.shardId, lane, repeated };
  shard.running = [...shard.running, { ...invocation, records }];
  context.commands.push({ type: 'invoke', ...invocation, attempt, records });
}
