/** Runs the tasks of a batch in rounds, until each is done, has failed too often, or time is up. */
import { carryOut } from './carry-out.ts';
import type { BatchContext } from './context.ts';
import { ofKind, type Planned } from './planned.ts';
import { nextStep, type ProductTask } from './product-task.ts';
import { endTask } from './retry.ts';
import { transferScores } from './transfer-scores.ts';

export async function runBatch(
  tasks: readonly ProductTask[],
  context: BatchContext,
): Promise<void> {
  const queue = [...tasks];
  let begun: ProductTask[] = [];
  while (!context.signal.aborted) {
    begun = begun.filter(({ end }) => end === undefined);
    if (begun.length === 0 && queue.length === 0) return;
    await nextRound(begun, queue, context);
  }
  for (const task of tasks) if (task.end === undefined) endTask(task, 'deadline', context);
}

/** Begins tasks of the queue while there is room for them. */
async function nextRound(
  begun: ProductTask[],
  queue: ProductTask[],
  context: BatchContext,
): Promise<void> {
  const { productsAtOnce, purchasesPerWrite, transactionActionsMax } = context.limits;
  const now = context.clock.now();
  const planned: Planned[] = [];
  let earliestMs = Number.POSITIVE_INFINITY;
  for (const task of begun) {
    if (task.notBeforeMs > now) earliestMs = Math.min(earliestMs, task.notBeforeMs);
    else planned.push({ task, step: nextStep(task, purchasesPerWrite) });
  }
  for (const { task } of ofKind(planned, 'done')) endTask(task, 'done', context);
  const transfers = ofKind(planned, 'transfer-scores');
  const others = planned.filter(
    ({ step }) => step.kind !== 'transfer-scores' && step.kind !== 'done',
  );
  // A product and its user's score are two actions: a transaction has no room for more products.
  if (transfers.length < transactionActionsMax / 2) {
    for (const task of queue.splice(0, Math.max(0, productsAtOnce - others.length))) {
      begun.push(task);
      others.push({ task, step: nextStep(task, purchasesPerWrite) });
    }
  }
  if (others.length > 0) {
    await carryOut(others.slice(0, productsAtOnce), context);
  } else if (transfers.length > 0) {
    // Scores are transferred last and together, so that each is written once for many products.
    await transferScores(transfers, context);
  } else if (earliestMs < Number.POSITIVE_INFINITY) {
    await context.clock.sleep(earliestMs - now, context.signal);
  }
}
