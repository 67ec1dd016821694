/** What the outcome of a request does to the tasks that it was for. */
import type { Failure } from '../outcome.ts';
import type { BatchContext } from './context.ts';
import {
  advance,
  type ProductTask,
  type StepOutcome,
  startOver,
  type TaskEnd,
} from './product-task.ts';

/** A request that was for these tasks failed. */
export function fail(tasks: readonly ProductTask[], failure: Failure, context: BatchContext): void {
  // Nothing is tried again after the deadline, so nothing is counted.
  if (context.signal.aborted) return;
  const { counts, log } = context;
  switch (failure.kind) {
    case 'conflict':
      counts.conflicts++;
      break;
    case 'throttled':
    case 'unknown':
      counts.retries++;
      break;
    case 'fatal':
      log.error('a request failed, and a retry would not help', { error: failure.error });
  }
  for (const task of tasks) complete(task, failure, context);
}

/** A step of this task has this outcome. */
export function complete(task: ProductTask, outcome: StepOutcome, context: BatchContext): void {
  context.observe?.({ kind: 'step', task, outcome });
  switch (outcome.kind) {
    case 'fatal':
      endTask(task, 'fatal', context);
      break;
    case 'conflict':
    case 'throttled':
    case 'unknown':
      task.lastFailure = outcome.kind;
      backOff(task, context);
      break;
    case 'stale':
    case 'unprocessed':
      backOff(task, context);
      break;
    case 'scores-transferred':
      endTask(task, 'done', context);
      break;
    default:
      advance(task, outcome);
  }
}

export function endTask(task: ProductTask, end: TaskEnd, context: BatchContext): void {
  context.observe?.({ kind: 'end', task, end });
  task.end = end;
}

function backOff(task: ProductTask, context: BatchContext): void {
  startOver(task);
  task.attempts++;
  if (task.attempts < context.limits.attemptsMax) {
    task.notBeforeMs = context.clock.now() + backOffMs(task.attempts, context);
    return;
  }
  const { attempts, lastFailure } = task;
  context.log.warn('a product is left to the next delivery', { attempts, lastFailure });
  endTask(task, 'attempts-exhausted', context);
}

/** Full jitter keeps contending invocations apart. `attempts` is 1 after the first failure. */
export function backOffMs(
  attempts: number,
  { random, limits }: Pick<BatchContext, 'random' | 'limits'>,
): number {
  return random() * Math.min(limits.backoffMsMax, limits.backoffMsFirst * 2 ** (attempts - 1));
}
