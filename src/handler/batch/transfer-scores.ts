/** Transfers the scores of many products in few transactions, and sets contended scores apart. */
import { type ScoreKey, scoreId } from '../domain/score-transfer.ts';
import type { Limits } from '../ports.ts';
import type { BatchContext } from './context.ts';
import { loadProducts } from './load-products.ts';
import { ofKind, type Planned } from './planned.ts';
import { nextStep } from './product-task.ts';
import { complete, fail } from './retry.ts';

type Transfer = Planned<'transfer-scores'>;

/**
 * A transfer that changes no score needs no transaction. The others are grouped into transactions,
 * made one after the other, because they may share scores.
 */
export async function transferScores(
  planned: readonly Transfer[],
  context: BatchContext,
): Promise<void> {
  const needed = await stillNeeded(planned, context);
  const changing = needed.filter(({ step }) => step.transfer.scores.length > 0);
  const others = needed.filter((each) => !changing.includes(each));
  const groups = groupTransfers(changing, context.limits);
  context.observe?.({
    kind: 'transfers',
    planned: planned.length,
    needed: needed.length,
    transactions: groups.length,
  });
  await Promise.all(others.map((each) => transfer([each], context)));
  for (const group of groups) {
    if (context.signal.aborted) return;
    await transfer(group, context);
  }
}

/**
 * Where there were conflicts, another invocation may have made some of the transfers in the
 * meantime. A read costs a tenth of a cancelled transaction.
 */
async function stillNeeded(
  planned: readonly Transfer[],
  context: BatchContext,
): Promise<readonly Transfer[]> {
  if (context.counts.conflicts === 0) return planned;
  const tasks = planned.map(({ task }) => task);
  await loadProducts(tasks, context);
  const steps = tasks.map(
    (task): Planned => ({ task, step: nextStep(task, context.limits.purchasesPerWrite) }),
  );
  return ofKind(steps, 'transfer-scores');
}

/** Products with a contended score come last, grouped by it, so that only they wait for it. */
function groupTransfers(transfers: readonly Transfer[], limits: Limits): Transfer[][] {
  const groups = Map.groupBy(transfers, ({ task }) => task.contendedScore);
  const uncontended = groups.get(undefined) ?? [];
  groups.delete(undefined);
  return [uncontended, ...groups.values()].flatMap((group) => withinLimits(group, limits));
}

function withinLimits(transfers: readonly Transfer[], limits: Limits): Transfer[][] {
  const result: Transfer[][] = [];
  let group: Transfer[] = [];
  let scores = new Set<string>();
  let bytes = 0;
  for (const each of transfers) {
    const own = each.step.transfer.scores.map(scoreId);
    const together = new Set([...scores, ...own]);
    const isFull =
      group.length + 1 + together.size > limits.transactionActionsMax ||
      bytes + each.step.bytes > limits.transactionBytesMax;
    if (isFull && group.length > 0) {
      result.push(group);
      group = [];
      bytes = 0;
      scores = new Set(own);
    } else {
      scores = together;
    }
    group.push(each);
    bytes += each.step.bytes;
  }
  if (group.length > 0) result.push(group);
  return result;
}

async function transfer(group: readonly Transfer[], context: BatchContext): Promise<void> {
  const { store, signal } = context;
  const outcome = await store.transferScores(
    group.map(({ step }) => step.transfer),
    signal,
  );
  if (outcome.kind === 'done') {
    for (const { task } of group) complete(task, { kind: 'scores-transferred' }, context);
    return;
  }
  const { productIds = [], scores = [] } = outcome.refused ?? {};
  const refusedScores = new Set(scores.map(scoreId));
  const isRefused = (score: ScoreKey) => refusedScores.has(scoreId(score));
  const refused = group.filter(({ task, step }) => {
    const contended = step.transfer.scores.find(isRefused);
    if (contended !== undefined) task.contendedScore = scoreId(contended);
    return contended !== undefined || productIds.includes(task.productId);
  });
  // The transfers that were not refused are made in the next round.
  const failed = refused.length > 0 ? refused : group;
  fail(
    failed.map(({ task }) => task),
    outcome,
    context,
  );
}
