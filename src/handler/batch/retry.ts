/** How the tasks of a batch stand beside their steps, and what a failed request does to that. */
import { classify, type Failure } from '../dynamodb/failure.ts';
import type { Tables } from '../dynamodb/view-store.ts';
import type { Clock, Counts, Limits, Log, Random, Situation } from '../ports.ts';
import { type Step, startOver, type Task } from './product-task.ts';

/** What it takes to work on a batch. */
export interface Work {
  readonly tables: Tables;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly limits: Limits;
  readonly counts: Counts;
  /** Aborted when the time is up. */
  readonly signal: AbortSignal;
  /** For tests. */
  readonly situation?: ((name: Situation) => void) | undefined;
}

export interface Progress {
  readonly done: Set<Task>;
  readonly failed: Set<Task>;
  /** Tasks that back off, and until when. */
  readonly notBefore: Map<Task, number>;
  /** The score that a task was seen to fight for with other invocations. */
  readonly fights: Map<Task, string>;
  /** For situations: what a task's last write failed with, if it did. */
  readonly setbacks: Map<Task, Failure>;
}

export function createProgress(): Progress {
  return {
    done: new Set(),
    failed: new Set(),
    notBefore: new Map(),
    fights: new Map(),
    setbacks: new Map(),
  };
}

export interface Planned<Kind extends Step['kind'] = Step['kind']> {
  readonly task: Task;
  readonly step: Extract<Step, { readonly kind: Kind }>;
}

export function ofKind<Kind extends Step['kind']>(
  planned: readonly Planned[],
  kind: Kind,
): Planned<Kind>[] {
  return planned.flatMap(({ task, step }) => (isOfKind(step, kind) ? [{ task, step }] : []));
}

function isOfKind<Kind extends Step['kind']>(
  step: Step,
  kind: Kind,
): step is Extract<Step, { readonly kind: Kind }> {
  return step.kind === kind;
}

/** A request for these tasks failed. After the time is up nothing is counted: nobody tries again. */
export function failed(tasks: readonly Task[], error: unknown, progress: Progress, to: Work): void {
  if (to.signal.aborted) return;
  const failure = classify(error);
  if (failure === 'conflict') {
    to.counts.conflicts++;
    to.situation?.('row lost to another invocation');
  }
  if (failure === 'retryable') to.counts.retries++;
  if (to.situation !== undefined) for (const task of tasks) progress.setbacks.set(task, failure);
  if (failure === 'fatal') {
    const name = error instanceof Error ? error.name : typeof error;
    to.log.error('a request failed in a way that no retry mends', { error: name });
    for (const task of tasks) progress.failed.add(task);
    return;
  }
  for (const task of tasks) backOff(task, progress, to);
}

/** A later attempt starts from what is stored then. */
export function backOff(task: Task, progress: Progress, to: Work): void {
  startOver(task);
  task.attempts++;
  if (task.attempts >= to.limits.attemptsMax) {
    to.log.warn('a product is left to the next delivery', { attempts: task.attempts });
    to.situation?.('left to the next delivery');
    progress.failed.add(task);
    return;
  }
  progress.notBefore.set(task, to.clock.now() + backOffMs(task.attempts, to));
}

/** Full jitter, so that contenders drift apart. `attempts` is 1 after the first failure. */
export function backOffMs(attempts: number, { random, limits }: Work): number {
  return random() * Math.min(limits.backoffMsMax, limits.backoffMsFirst * 2 ** (attempts - 1));
}

export function slices<T>(list: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let at = 0; at < list.length; at += size) parts.push(list.slice(at, at + size));
  return parts;
}
