/** Reads the products of several tasks. */
import { KEYS_PER_READ } from '../view-store.ts';
import type { BatchContext } from './context.ts';
import type { ProductTask } from './product-task.ts';
import { complete, fail } from './retry.ts';
import { slices } from './slices.ts';

export async function loadProducts(
  tasks: readonly ProductTask[],
  context: BatchContext,
): Promise<void> {
  await Promise.all(slices(tasks, KEYS_PER_READ).map((some) => loadSome(some, context)));
}

async function loadSome(tasks: readonly ProductTask[], context: BatchContext): Promise<void> {
  const { store, counts, signal } = context;
  const ids = tasks.map(({ productId }) => productId);
  const outcome = await store.readProducts(ids, signal);
  if (outcome.kind !== 'done') return fail(tasks, outcome, context);
  const products = new Map(outcome.value.map((product) => [product.productId, product]));
  if (products.size < tasks.length) counts.retries++;
  for (const task of tasks) {
    const product = products.get(task.productId);
    if (product === undefined) complete(task, { kind: 'unprocessed' }, context);
    else complete(task, { kind: 'product-read', product }, context);
  }
}
