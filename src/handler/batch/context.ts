/** What the work on one batch is passed. */
import type { Clock, Counts, Limits, Log, Random } from '../ports.ts';
import type { ViewStore } from '../view-store.ts';
import type { ProductTask, StepOutcome, TaskEnd } from './product-task.ts';

export interface BatchContext {
  readonly store: ViewStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly limits: Limits;
  readonly counts: Counts;
  /** Aborted at the deadline. */
  readonly signal: AbortSignal;
  /** For tests: told of each observation as it is made, before the task changes. */
  readonly observe?: ((observation: Observation) => void) | undefined;
}

export type Observation =
  | { readonly kind: 'step'; readonly task: ProductTask; readonly outcome: StepOutcome }
  /** So many transfers were planned, are still needed, and are made in so many transactions. */
  | {
      readonly kind: 'transfers';
      readonly planned: number;
      readonly needed: number;
      readonly transactions: number;
    }
  | { readonly kind: 'end'; readonly task: ProductTask; readonly end: TaskEnd };
