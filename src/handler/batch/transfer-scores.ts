/** Settles many products in few transactions, and finds out from a cancelled one who stood in the way. */
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { sumScores } from '../dynamodb/updates.ts';
import type { Limits } from '../ports.ts';
import { readRows } from './load-products.ts';
import { nextStep } from './product-task.ts';
import { failed, ofKind, type Planned, type Progress, type Work } from './retry.ts';

type Settling = Planned<'settle'>;

/**
 * What changes no score needs no transaction. What does is grouped into transactions, which run one after
 * another, because they may share scores.
 */
export async function settleTogether(
  planned: readonly Settling[],
  progress: Progress,
  to: Work,
): Promise<void> {
  const settling = await latest(planned, progress, to);
  if (settling.length < planned.length) to.situation?.('settle finished by another invocation');
  const owing = settling.filter(({ step }) => step.settlement.scores.length > 0);
  const tidying = settling.filter((each) => !owing.includes(each));
  await Promise.all(tidying.map((each) => settle([each], progress, to)));
  const transactions = groups(owing, progress, to.limits);
  if (transactions.length > 1) to.situation?.('transaction split');
  for (const group of transactions) {
    if (to.signal.aborted) return;
    await settle(group, progress, to);
  }
}

/**
 * Where other invocations were noticed, they may have settled some of these products in the meantime: a
 * look costs a tenth of a cancelled transaction.
 */
async function latest(
  planned: readonly Settling[],
  progress: Progress,
  to: Work,
): Promise<readonly Settling[]> {
  if (to.counts.conflicts === 0) return planned;
  const tasks = planned.map(({ task }) => task);
  await readRows(tasks, progress, to);
  const steps = tasks.map(
    (task): Planned => ({ task, step: nextStep(task, to.limits.purchasesPerWrite) }),
  );
  return ofKind(steps, 'settle');
}

/** Those whose scores are fought for come last and by themselves, so that nobody waits for them. */
function groups(owing: readonly Settling[], progress: Progress, limits: Limits): Settling[][] {
  const peaceful: Settling[] = [];
  const fights = new Map<string, Settling[]>();
  for (const each of owing) {
    const score = progress.fights.get(each.task);
    if (score === undefined) peaceful.push(each);
    else fights.set(score, [...(fights.get(score) ?? []), each]);
  }
  return [peaceful, ...fights.values()].flatMap((list) => withinLimits(list, limits));
}

function withinLimits(settling: readonly Settling[], limits: Limits): Settling[][] {
  const result: Settling[][] = [];
  let group: Settling[] = [];
  let scores = new Set<string>();
  let bytes = 0;
  for (const each of settling) {
    const own = each.step.settlement.scores.map(scoreKey);
    const together = new Set([...scores, ...own]);
    const full =
      group.length + 1 + together.size > limits.transactionActionsMax ||
      bytes + each.step.bytes > limits.transactionBytesMax;
    if (full && group.length > 0) {
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

async function settle(group: readonly Settling[], progress: Progress, to: Work): Promise<void> {
  try {
    await to.tables.settle(
      group.map(({ step }) => step.settlement),
      to.signal,
    );
    for (const { task } of group) progress.done.add(task);
  } catch (error) {
    const blamed =
      error instanceof TransactionCanceledException ? findBlamed(error, group, progress) : [];
    if (to.situation !== undefined && blamed.some(({ task }) => progress.fights.has(task))) {
      to.situation('score fought for');
    }
    // Those not to blame stay as they are, and are settled in the next round.
    const tasks = (blamed.length > 0 ? blamed : group).map(({ task }) => task);
    failed(tasks, error, progress, to);
  }
}

/** The reasons come in the order of the actions: the products, then the scores. */
function findBlamed(
  error: TransactionCanceledException,
  group: readonly Settling[],
  progress: Progress,
): Settling[] {
  const codes = (error.CancellationReasons ?? []).map(({ Code }) => Code ?? 'None');
  const isBlamed = (action: number) => (codes[action] ?? 'None') !== 'None';
  const fought = new Set(
    sumScores(group.map(({ step }) => step.settlement))
      .filter((_, at) => isBlamed(group.length + at))
      .map(scoreKey),
  );
  return group.filter(({ task, step }, at) => {
    const fight = step.settlement.scores.map(scoreKey).find((score) => fought.has(score));
    if (fight !== undefined) progress.fights.set(task, fight);
    return fight !== undefined || isBlamed(at);
  });
}

function scoreKey({ role, userId }: { readonly role: string; readonly userId: string }): string {
  return `${role} ${userId}`;
}
