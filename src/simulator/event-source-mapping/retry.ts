/** What happens to a batch that did not succeed (items 6, 9 to 12 and 15). */

import type { Random } from '../model/random.ts';
import type { StreamRecord } from '../model/stream-record.ts';
import { below } from '../random.ts';
import { closedBatchLength, cut } from './batches.ts';
import { append, drop } from './queue.ts';
import type { EventSourceMapping, RetryBackoff } from './settings.ts';
import type { Batch, Lane } from './state.ts';

export interface RetryPlan {
  /** Delivered again in this order, before any other record of the lane. */
  readonly retry: readonly Batch[];
  /** Set once the retries are used up. */
  readonly discarded?: Batch;
  /** Sizes of the parts, if the batch was split. */
  readonly split?: readonly number[];
}

/** The invocation failed: an exception, an invalid response, a time-out or a crash. */
export function afterFailure(batch: Batch, settings: EventSourceMapping): RetryPlan {
  const { length } = batch.records;
  if (!settings.bisectOnFailure || length === 1) return spendRetry(ran(batch), settings);
  // Item 12: the split uses up no retry.
  return halve(ran(batch));
}

/** Item 6: the first `done` records succeeded; all records after them are delivered again. */
export function afterPartial(batch: Batch, done: number, settings: EventSourceMapping): RetryPlan {
  if (done === 0) {
    return settings.bisectWithoutProgress
      ? afterFailure(batch, settings)
      : spendRetry(ran(batch), settings);
  }
  const rest = { ...ran(batch), records: batch.records.slice(done), consecutiveFailures: 1 };
  const split = settings.bisectOnFailure ? { split: [done, rest.records.length] } : {};
  // Item 10: progress resets the retries.
  if (settings.resetRetriesOnProgress) return { retry: [{ ...rest, failures: 0 }], ...split };
  // Item 12: the split at the reported record uses up no retry.
  if (settings.bisectOnFailure) return { retry: [rest], ...split };
  return spendRetry(rest, settings);
}

/** Item 11: the function never ran, so no retry is used up. */
export function afterThrottle(batch: Batch): RetryPlan {
  return { retry: [{ ...batch, consecutiveFailures: batch.consecutiveFailures + 1 }] };
}

/** Item 15. */
export function backoffMs(
  consecutiveFailures: number,
  backoff: RetryBackoff,
  random: Random,
): number {
  const full = Math.min(
    backoff.maxMs,
    backoff.firstMs * backoff.factor ** (consecutiveFailures - 1),
  );
  return Math.ceil(full * (1 - backoff.jitterRatio * random()));
}

/** `rebatchOnRetryRatio`: gives the begun batch new boundaries; it may gain records read since. */
export function rebatch(lane: Lane, settings: EventSourceMapping, random: Random): Lane {
  const [first] = lane.pieces;
  if (first === undefined) return lane;
  const begun = lane.pieces.flatMap((piece) => piece.records);
  const wanted = 1 + below(random, settings.batchSize);
  if (wanted < begun.length) {
    return { ...lane, pieces: cut({ ...first, records: begun }, wanted) };
  }
  const all = append<StreamRecord>(
    { items: begun, head: 0 },
    lane.queue.items.slice(lane.queue.head),
  );
  const fits = closedBatchLength(all, true, { ...settings, batchSize: wanted });
  const length = Math.max(begun.length, fits);
  return {
    ...lane,
    pieces: [{ ...first, records: all.items.slice(0, length) }],
    queue: drop(lane.queue, length - begun.length),
  };
}

function ran(batch: Batch): Batch {
  return {
    ...batch,
    invocations: batch.invocations + 1,
    consecutiveFailures: batch.consecutiveFailures + 1,
  };
}

function halve(batch: Batch): RetryPlan {
  const halves = cut(batch, Math.floor(batch.records.length / 2));
  return { retry: halves, split: halves.map((half) => half.records.length) };
}

/** Item 9: N retries are N + 1 invocations. */
function spendRetry(batch: Batch, settings: EventSourceMapping): RetryPlan {
  const spent = { ...batch, failures: batch.failures + 1 };
  const { retryAttemptsMax } = settings;
  if (retryAttemptsMax >= 0 && spent.failures > retryAttemptsMax) {
    return { retry: [], discarded: spent };
  }
  return { retry: [spent] };
}
