/** What a run folds its own history into. */
import { createTracer, type Tracer } from '../check/event-traces.ts';
import { createHandlerErrors, type HandlerErrors } from '../check/handler-errors.ts';
import { createInvariants, type Invariants } from '../check/invariants.ts';
import { createLosses, type Losses } from '../check/losses.ts';
import { createHistoryHash, type HistoryHash } from '../history/hash.ts';
import type { HistoryReader } from '../history/history.ts';
import { faultsOf } from '../model/fault-profiles.ts';
import type { RunOptions } from '../model/run-options.ts';
import type { Workload } from '../model/workload.ts';
import { createFigures, type FiguresFold } from '../report/figures.ts';

export interface Folds<Event> {
  readonly figures: FiguresFold;
  readonly tracer: Tracer;
  readonly handlerErrors: HandlerErrors;
  readonly losses: Losses;
  /** Of a run that may be repeated exactly. */
  readonly hash: HistoryHash | undefined;
  /** Of a run that is held to the workload's invariants. */
  readonly invariants: Invariants<Event> | undefined;
  readonly readers: readonly HistoryReader[];
}

export function createFolds<Event>(
  workload: Workload<Event>,
  options: RunOptions,
  isHashed: boolean,
): Folds<Event> {
  const figures = createFigures(faultsOf(options));
  const tracer = createTracer();
  const handlerErrors = createHandlerErrors();
  const losses = createLosses();
  const hash = isHashed ? createHistoryHash() : undefined;
  const isWatched = options.handler === undefined || options.invariants;
  // Only the memory world shows every write.
  const watcher = isWatched && options.world === 'memory' ? workload.watch?.() : undefined;
  const invariants = watcher && createInvariants(watcher, workload.describe);
  const folds = { figures, tracer, handlerErrors, losses, hash, invariants };
  return { ...folds, readers: Object.values(folds).flatMap((fold) => fold?.read ?? []) };
}
