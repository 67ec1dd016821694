/** An invocation has ended: what that does to its lane and to the checkpoint. */

import type { InvocationOutcome } from '../model/history.ts';
import { below } from '../random.ts';
import { moveCheckpoint } from './checkpoint.ts';
import { laneAt, replaceLane } from './deliver.ts';
import { discard } from './discard.ts';
import type { Answer } from './messages.ts';
import { interpretAnswer } from './response.ts';
import {
  type Aftermath,
  afterFailure,
  afterPartial,
  afterThrottle,
  backoffMs,
  rebatch,
} from './retry.ts';
import type { Batch, Invocation } from './state.ts';
import type { ShardDraft, Turn } from './turn.ts';

export function settle(
  shard: ShardDraft,
  invocation: Invocation,
  answer: Answer,
  turn: Turn,
): void {
  const sequenceNumbers = invocation.records.map((record) => record.sequenceNumber);
  const outcome = interpretAnswer(answer, sequenceNumbers, turn.settings);
  turn.commands.push({
    type: 'record',
    fact: { type: 'answered', invocation: invocation.invocationId, outcome },
  });
  shard.running = shard.running.filter((other) => other !== invocation);
  // Item 17: the batch was done before it was repeated, so how the repeat ends changes nothing.
  if (invocation.repeated) return;

  const lane = laneAt(shard, invocation.lane);
  const [batch, ...others] = lane.pieces;
  if (batch === undefined) throw new Error(`invocation ${invocation.invocationId} has no batch`);
  const { retry, discarded, split } = aftermath(batch, outcome, turn);
  if (split) {
    turn.commands.push({
      type: 'record',
      fact: { type: 'batch-split', shardId: shard.shardId, sizes: split },
    });
  }
  if (discarded) {
    const { records, invocations } = discarded;
    discard(shard, 'retry-attempts-exhausted', records, invocations, turn);
  }
  replaceLane(shard, invocation.lane, {
    ...lane,
    pieces: [...retry, ...others],
    running: false,
    retryAtMs: turn.nowMs,
  });
  if (outcome.kind === 'success') mayRepeat(shard, invocation, batch, turn);
  else if (retry[0]) putOff(shard, invocation.lane, retry[0], turn);
  // Here, so that the history has it before the next batch's invocation.
  moveCheckpoint(shard, turn);
}

function aftermath(batch: Batch, outcome: InvocationOutcome, turn: Turn): Aftermath {
  switch (outcome.kind) {
    case 'success':
      return { retry: [] };
    case 'partial': {
      // In the order of the batch, so the first is the lowest (item 6).
      const [lowest] = outcome.failed;
      const done = batch.records.findIndex((record) => record.sequenceNumber === lowest);
      return afterPartial(batch, done, turn.settings);
    }
    case 'throttled':
      return afterThrottle(batch);
    default:
      return afterFailure(batch, turn.settings);
  }
}

/** Item 17: any batch may be delivered twice without any error. */
function mayRepeat(shard: ShardDraft, invocation: Invocation, batch: Batch, turn: Turn): void {
  const { repeatDeliveryRatio, repeatDelayMsMax } = turn.settings;
  if (repeatDeliveryRatio === 0) return;
  // Systematic sampling: each batch as likely as any other, and the share kept to one batch, so that in
  // a run of a few dozen batches it surely happens.
  turn.repeatsDue = (turn.repeatsDue ?? turn.random()) + repeatDeliveryRatio;
  if (turn.repeatsDue < 1) return;
  turn.repeatsDue -= 1;
  const { lane, records } = invocation;
  const atMs = turn.nowMs + below(turn.random, repeatDelayMsMax + 1);
  shard.repeats = [...shard.repeats, { atMs, lane, attempt: batch.invocations + 2, records }];
}

const REBATCHED = { type: 'fault-happened', fault: 'rebatch' } as const;

/** Item 15: the lane waits, and may be cut into batches anew for its retry. */
function putOff(shard: ShardDraft, index: number, next: Batch, turn: Turn): void {
  const { retryBackoff, rebatchOnRetryRatio } = turn.settings;
  const retryAtMs = turn.nowMs + backoffMs(next.setbacks, retryBackoff, turn.random);
  const lane = { ...laneAt(shard, index), retryAtMs };
  const recut = rebatchOnRetryRatio > 0 && turn.random() < rebatchOnRetryRatio;
  replaceLane(shard, index, recut ? rebatch(lane, turn.settings, turn.random) : lane);
  if (recut) turn.commands.push({ type: 'record', fact: REBATCHED });
}
