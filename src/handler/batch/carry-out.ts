/** Carries out one step of several tasks at once. Reads and writes of rows share requests. */
import type { Outcome } from '../outcome.ts';
import { type CommittedPurchase, KEYS_PER_READ, ROWS_PER_WRITE } from '../view-store.ts';
import type { BatchContext } from './context.ts';
import { loadProducts } from './load-products.ts';
import { ofKind, type Planned } from './planned.ts';
import { isStale } from './product-task.ts';
import { complete, fail } from './retry.ts';
import { slices } from './slices.ts';

export async function carryOut(planned: readonly Planned[], context: BatchContext): Promise<void> {
  await Promise.all([
    loadProducts(
      ofKind(planned, 'read-product').map(({ task }) => task),
      context,
    ),
    readPurchases(ofKind(planned, 'read-purchases'), context),
    writePurchases(ofKind(planned, 'write-purchases'), context),
    ...ofKind(planned, 'commit').map((each) => commit(each, context)),
    ...ofKind(planned, 'recount').map((each) => recount(each, context)),
  ]);
}

/** A product whose purchases are spread over two requests needs both. */
async function readPurchases(
  planned: readonly Planned<'read-purchases'>[],
  context: BatchContext,
): Promise<void> {
  const { store, counts, signal } = context;
  const keys = planned.flatMap(({ task: { productId }, step }) =>
    step.eventIds.map((eventId) => ({ productId, eventId })),
  );
  const outcome = await allOf(
    slices(keys, KEYS_PER_READ).map((some) => store.readPurchases(some, signal)),
  );
  if (outcome.kind !== 'done') return fail(tasksOf(planned), outcome, context);
  const revisions = new Map(planned.map(({ task }) => [task.productId, new Map<string, number>()]));
  for (const { productId, eventId, revision } of outcome.value.flatMap(({ stored }) => stored)) {
    revisions.get(productId)?.set(eventId, revision);
  }
  const unprocessed = new Set(
    outcome.value.flatMap((each) => each.unprocessed.map(({ productId }) => productId)),
  );
  if (unprocessed.size > 0) counts.retries++;
  for (const { task, step } of planned) {
    const stored = revisions.get(task.productId) ?? new Map<string, number>();
    if (unprocessed.has(task.productId)) complete(task, { kind: 'unprocessed' }, context);
    else if (isStale(task, stored)) {
      counts.conflicts++;
      complete(task, { kind: 'stale' }, context);
    } else complete(task, { kind: 'purchases-read', eventIds: step.eventIds, stored }, context);
  }
}

async function writePurchases(
  planned: readonly Planned<'write-purchases'>[],
  context: BatchContext,
): Promise<void> {
  const { store, counts, signal } = context;
  const rows = planned.flatMap(({ step: { purchases, revision } }) =>
    purchases.map((purchase): CommittedPurchase => ({ purchase, revision })),
  );
  const outcome = await allOf(
    slices(rows, ROWS_PER_WRITE).map((some) => store.writePurchases(some, signal)),
  );
  if (outcome.kind !== 'done') return fail(tasksOf(planned), outcome, context);
  const unprocessed = new Set(outcome.value.flat().map(({ productId }) => productId));
  if (unprocessed.size > 0) counts.retries++;
  for (const { task } of planned) {
    if (unprocessed.has(task.productId)) complete(task, { kind: 'unprocessed' }, context);
    else complete(task, { kind: 'purchases-written' }, context);
  }
}

async function commit({ task, step }: Planned<'commit'>, context: BatchContext): Promise<void> {
  const { store, counts, signal } = context;
  const outcome = await store.commit(step.commit, signal);
  if (outcome.kind !== 'done') return fail([task], outcome, context);
  const switches = Object.values(step.commit.switches);
  counts.applied += step.commit.purchases.length + switches.length;
  counts.recredited += switches.filter(({ former }) => former !== undefined).length;
  complete(task, { kind: 'committed', commit: step.commit, product: outcome.value }, context);
}

async function recount({ task, step }: Planned<'recount'>, context: BatchContext): Promise<void> {
  const { store, signal } = context;
  const counted = await store.countPage(step.recount, signal);
  if (counted.kind !== 'done') return fail([task], counted, context);
  const page = counted.value;
  const committed = await store.commitPage(page, signal);
  if (committed.kind !== 'done') return fail([task], committed, context);
  complete(task, { kind: 'page-committed', page, product: committed.value }, context);
}

function tasksOf(planned: readonly Pick<Planned, 'task'>[]) {
  return planned.map(({ task }) => task);
}

/** Waits for all, and returns the first failure, if any: no request may be left in flight. */
async function allOf<Value>(
  requests: readonly Promise<Outcome<Value>>[],
): Promise<Outcome<readonly Value[]>> {
  const outcomes = await Promise.all(requests);
  const values: Value[] = [];
  for (const outcome of outcomes) {
    if (outcome.kind !== 'done') return outcome;
    values.push(outcome.value);
  }
  return { kind: 'done', value: values };
}
