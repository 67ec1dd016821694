/** Reads the rows of several tasks' products. */

import { KEYS_PER_GET } from '../dynamodb/view-store.ts';
import { sawProduct, type Task } from './product-task.ts';
import { backOff, failed, type Progress, slices, type Work } from './retry.ts';

export async function readRows(
  tasks: readonly Task[],
  progress: Progress,
  to: Work,
): Promise<void> {
  await Promise.all(slices(tasks, KEYS_PER_GET).map((some) => readSome(some, progress, to)));
}

async function readSome(tasks: readonly Task[], progress: Progress, to: Work): Promise<void> {
  try {
    const products = await to.tables.readProducts(
      tasks.map((task) => task.productId),
      to.signal,
    );
    if (products.length < tasks.length) to.counts.retries++;
    const byId = new Map(products.map((product) => [product.productId, product]));
    for (const task of tasks) {
      const product = byId.get(task.productId);
      if (product === undefined) {
        to.situation?.('rows came back unprocessed');
        backOff(task, progress, to);
      } else {
        sawProduct(task, product);
        if (product.creator.recount ?? product.photographer.recount) {
          to.situation?.('recount resumed');
        }
      }
    }
  } catch (error) {
    failed(tasks, error, progress, to);
  }
}
