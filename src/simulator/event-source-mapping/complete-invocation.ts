/** Completes an invocation: what its result means for the lane and the checkpoint. */

import type { InvocationOutcome } from '../model/history.ts';
import { below } from '../random.ts';
import { moveCheckpoint } from './checkpoint.ts';
import { laneAt, replaceLane } from './deliver.ts';
import { discard } from './discard.ts';
import type { InvocationResult } from './messages.ts';
import { interpretResult } from './response.ts';
import {
  afterFailure,
  afterPartial,
  afterThrottle,
  backoffMs,
  type RetryPlan,
  rebatch,
} from './retry.ts';
import type { Batch, Invocation } from './state.ts';
import type { ShardDraft, StepContext } from './step-context.ts';

export function completeInvocation(
  shard: ShardDraft,
  invocation: Invocation,
  result: InvocationResult,
  context: StepContext,
): void {
  const sequenceNumbers = invocation.records.map((record) => record.sequenceNumber);
  const outcome = interpretResult(result, sequenceNumbers, context.settings);
  context.commands.push({
    type: 'append',
    fact: { type: 'answered', invocation: invocation.invocationId, outcome },
  });
  shard.running = shard.running.filter((other) => other !== invocation);
  // Item 17: the batch had succeeded before the repeat, so the repeat's outcome changes nothing.
  if (invocation.repeated) return;

  const lane = laneAt(shard, invocation.lane);
  const [batch, ...others] = lane.pieces;
  if (batch === undefined) throw new Error(`invocation ${invocation.invocationId} has no batch`);
  const { retry, discarded, split } = planRetry(batch, outcome, context);
  if (split) {
    context.commands.push({
      type: 'append',
      fact: { type: 'batch-split', shardId: shard.shardId, sizes: split },
    });
  }
  if (discarded) {
    const { records, invocations } = discarded;
    discard(shard, 'retry-attempts-exhausted', records, invocations, context);
  }
  replaceLane(shard, invocation.lane, {
    ...lane,
    pieces: [...retry, ...others],
    running: false,
    retryAtMs: context.nowMs,
  });
  if (outcome.kind === 'success') scheduleRepeat(shard, invocation, batch, context);
  else if (retry[0]) backOff(shard, invocation.lane, retry[0], context);
  // Here, so that the history has the move before the next batch's invocation.
  moveCheckpoint(shard, context);
}

function planRetry(batch: Batch, outcome: InvocationOutcome, context: StepContext): RetryPlan {
  switch (outcome.kind) {
    case 'success':
      return { retry: [] };
    case 'partial': {
      // Failures are in the order of the batch, so the first is the lowest (item 6).
      const [lowest] = outcome.failed;
      const done = batch.records.findIndex((record) => record.sequenceNumber === lowest);
      return afterPartial(batch, done, context.settings);
    }
    case 'throttled':
      return afterThrottle(batch);
    default:
      return afterFailure(batch, context.settings);
  }
}

/** Item 17: any batch may be delivered twice without an error. */
function scheduleRepeat(
  shard: ShardDraft,
  invocation: Invocation,
  batch: Batch,
  context: StepContext,
): void {
  const { repeatDeliveryRatio, repeatDelayMsMax } = context.settings;
  if (repeatDeliveryRatio === 0) return;
  // Systematic sampling: every batch is equally likely, and the number of repeats is exact to one
  // batch, so that a run of a few dozen batches has some.
  context.repeatsDue = (context.repeatsDue ?? context.random()) + repeatDeliveryRatio;
  if (context.repeatsDue < 1) return;
  context.repeatsDue -= 1;
  const { lane, records } = invocation;
  const atMs = context.nowMs + below(context.random, repeatDelayMsMax + 1);
  shard.repeats = [...shard.repeats, { atMs, lane, attempt: batch.invocations + 2, records }];
}

const REBATCHED = { type: 'fault-happened', fault: 'rebatch' } as const;

/** Item 15: the lane waits, and its retry may get other batch boundaries. */
function backOff(shard: ShardDraft, index: number, next: Batch, context: StepContext): void {
  const { retryBackoff, rebatchOnRetryRatio } = context.settings;
  const delayMs = backoffMs(next.consecutiveFailures, retryBackoff, context.random);
  const lane = { ...laneAt(shard, index), retryAtMs: context.nowMs + delayMs };
  const isRebatched = rebatchOnRetryRatio > 0 && context.random() < rebatchOnRetryRatio;
  replaceLane(shard, index, isRebatched ? rebatch(lane, context.settings, context.random) : lane);
  if (isRebatched) context.commands.push({ type: 'append', fact: REBATCHED });
}
