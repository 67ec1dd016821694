/**
 * Carries out the steps of a batch's tasks, merging those of a kind into one request, until each task
 * is done, has failed too often in a row, or the time is up.
 */

import { ROLES } from '../domain/product.ts';
import type { Failure } from '../dynamodb/failure.ts';
import { ITEMS_PER_WRITE, KEYS_PER_GET, type StoredPurchase } from '../dynamodb/view-store.ts';
import type { Situation } from '../ports.ts';
import { readRows } from './load-products.ts';
import { nextStep, recorded, recounted, saw, type Task, wrote } from './product-task.ts';
import {
  backOff,
  createProgress,
  failed,
  ofKind,
  type Planned,
  type Progress,
  slices,
  type Work,
} from './retry.ts';
import { settleTogether } from './transfer-scores.ts';

/** The tasks that are done: all that their records mean is in the tables. */
export async function work(tasks: readonly Task[], to: Work): Promise<ReadonlySet<Task>> {
  const progress = createProgress();
  const queue = [...tasks];
  let begun: Task[] = [];
  for (;;) {
    begun = begun.filter((task) => !progress.done.has(task) && !progress.failed.has(task));
    const isOver = begun.length === 0 && queue.length === 0;
    if (!isOver && to.signal.aborted) to.situation?.('time was up');
    if (isOver || to.signal.aborted) return progress.done;
    await nextRound(begun, queue, progress, to);
  }
}

/** Begins tasks of the queue as there is room for them. */
async function nextRound(
  begun: Task[],
  queue: Task[],
  progress: Progress,
  to: Work,
): Promise<void> {
  const { productsAtOnce, purchasesPerWrite, transactionActionsMax } = to.limits;
  const now = to.clock.now();
  const planned: Planned[] = [];
  let earliest = Number.POSITIVE_INFINITY;
  for (const task of begun) {
    const notBefore = progress.notBefore.get(task) ?? 0;
    if (notBefore > now) earliest = Math.min(earliest, notBefore);
    else planned.push({ task, step: nextStep(task, purchasesPerWrite) });
  }
  for (const { task } of ofKind(planned, 'done')) progress.done.add(task);
  const settling = ofKind(planned, 'settle');
  const others = planned.filter(({ step }) => step.kind !== 'settle' && step.kind !== 'done');
  // Each product is an action of a transaction, and so is its user's score: more wouldn't fit into one.
  if (settling.length < transactionActionsMax / 2) {
    for (const task of queue.splice(0, Math.max(0, productsAtOnce - others.length))) {
      begun.push(task);
      others.push({ task, step: nextStep(task, purchasesPerWrite) });
    }
  }
  if (others.length > 0) {
    await carryOut(others.slice(0, productsAtOnce), progress, to);
  } else if (settling.length > 0) {
    // Scores are settled last and together, so that each is written once for many products.
    await settleTogether(settling, progress, to);
  } else if (earliest < Number.POSITIVE_INFINITY) {
    await to.clock.sleep(earliest - now, to.signal);
  }
}

/** One request, or several at once, for each kind of step. */
async function carryOut(planned: readonly Planned[], progress: Progress, to: Work): Promise<void> {
  const { tables, signal } = to;
  const requests: Promise<void>[] = [];
  const attempt = (tasks: readonly Task[], request: () => Promise<void>) => {
    requests.push(request().catch((error: unknown) => failed(tasks, error, progress, to)));
  };
  requests.push(
    readRows(
      ofKind(planned, 'read').map(({ task }) => task),
      progress,
      to,
    ),
  );
  look(ofKind(planned, 'look'), progress, to, attempt);
  put(ofKind(planned, 'put'), progress, to, attempt);
  for (const { task, step } of ofKind(planned, 'record')) {
    attempt([task], async () => {
      const { recording } = step;
      recorded(task, recording, await tables.record(recording, signal));
      progress.setbacks.delete(task);
      if (task.todo.size > 0) to.situation?.('purchases split over writes');
      to.counts.applied += recording.purchases.length;
      for (const role of ROLES) {
        const change = recording.switches[role];
        if (change === undefined) continue;
        to.counts.applied++;
        if (change.former) to.counts.recredited++;
        if (change.debt) to.situation?.('late registration took credit back');
      }
    });
  }
  for (const { task, step } of ofKind(planned, 'recount')) {
    attempt([task], async () => {
      const page = await tables.countPage(step.product, step.role, signal);
      recounted(task, await tables.recordPage(page, signal));
      if (page.last !== undefined) to.situation?.('count went over a page');
    });
  }
  await Promise.all(requests);
}

/** What it means that a purchase turns out to be stored, after the last write failed like this. */
function copyAfter(setback: Failure | undefined): Situation {
  if (setback === 'conflict') return 'copy in a concurrent batch';
  return setback === 'retryable' ? 'lost answer had been applied' : 'copy of an earlier batch';
}

type Attempt = (tasks: readonly Task[], request: () => Promise<void>) => void;

/** Looks up purchases of several products; a product whose keys fall into two requests needs both. */
function look(planned: readonly Planned<'look'>[], progress: Progress, to: Work, attempt: Attempt) {
  const wanted = planned.flatMap(({ task, step }) =>
    step.eventIds.map((eventId) => ({ task, eventId })),
  );
  if (wanted.length === 0) return;
  attempt(
    planned.map(({ task }) => task),
    async () => {
      const found = new Map<Task, Map<string, number>>();
      const unanswered = new Set<Task>();
      const byId = new Map(planned.map(({ task }) => [task.productId, task]));
      const answers = slices(wanted, KEYS_PER_GET).map((keys) =>
        to.tables.findPurchases(
          keys.map(({ task, eventId }) => ({ productId: task.productId, eventId })),
          to.signal,
        ),
      );
      for (const { task } of planned) found.set(task, new Map());
      for (const answer of await settled(answers)) {
        for (const { productId, eventId, revision } of answer.found) {
          const task = byId.get(productId);
          if (task !== undefined) found.get(task)?.set(eventId, revision);
        }
        for (const { productId } of answer.unanswered) {
          const task = byId.get(productId);
          if (task !== undefined) unanswered.add(task);
        }
      }
      if (unanswered.size > 0) to.counts.retries++;
      for (const { task, step } of planned) {
        const copies = task.copies;
        if (unanswered.has(task)) {
          to.situation?.('rows came back unprocessed');
          backOff(task, progress, to);
        } else if (!saw(task, found.get(task) ?? new Map(), step.eventIds)) {
          to.situation?.('stale plan noticed');
          to.counts.conflicts++;
          backOff(task, progress, to);
        } else if (to.situation !== undefined) {
          if (task.copies > copies) to.situation(copyAfter(progress.setbacks.get(task)));
          if (task.unwritten?.length) to.situation('pending rows finished for another');
        }
      }
    },
  );
}

/** Writes the rows of several products' purchases. */
function put(planned: readonly Planned<'put'>[], progress: Progress, to: Work, attempt: Attempt) {
  const rows = planned.flatMap(({ step }) =>
    step.purchases.map((purchase): StoredPurchase => ({ purchase, revision: step.revision })),
  );
  if (rows.length === 0) return;
  attempt(
    planned.map(({ task }) => task),
    async () => {
      const answers = slices(rows, ITEMS_PER_WRITE).map((some) =>
        to.tables.putPurchases(some, to.signal),
      );
      const unwritten = new Set((await settled(answers)).flat().map(({ productId }) => productId));
      if (unwritten.size > 0) to.counts.retries++;
      for (const { task } of planned) {
        if (unwritten.has(task.productId)) {
          to.situation?.('rows came back unprocessed');
          backOff(task, progress, to);
        } else wrote(task);
      }
    },
  );
}

/** Waits for all, also when one fails: nothing may be left pending. */
async function settled<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}
