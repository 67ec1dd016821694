/**
 * Situations that a search must reach, derived from what the batch layer lets tests observe. The
 * shipped function does not load this file.
 */
import type { Observation } from './context.ts';
import { committedIds, type ProductTask, type StepOutcome } from './product-task.ts';

export const SITUATIONS = [
  'late registration took credit back',
  'copy in the same batch',
  'copy of an earlier batch',
  'copy in a concurrent batch',
  'row lost to another invocation',
  'stale plan noticed',
  'pending rows written for others',
  'purchases split over writes',
  'recount resumed',
  'count went over a page',
  'score contended',
  'transaction split',
  'transfer made by another invocation',
  'lost answer had been applied',
  'rows came back unprocessed',
  'left to the next delivery',
  'time was up',
] as const;

export type Situation = (typeof SITUATIONS)[number];

export function situationsOf(observation: Observation): readonly Situation[] {
  switch (observation.kind) {
    case 'step':
      return situationsOfStep(observation.task, observation.outcome);
    case 'transfers': {
      const { planned, needed, transactions } = observation;
      return those({
        'transfer made by another invocation': needed < planned,
        'transaction split': transactions > 1,
      });
    }
    case 'end': {
      const { task, end } = observation;
      return those({
        'copy in the same batch': task.copiesInBatch > 0,
        'left to the next delivery': end === 'attempts-exhausted',
        'time was up': end === 'deadline',
      });
    }
  }
}

function situationsOfStep(task: ProductTask, outcome: StepOutcome): readonly Situation[] {
  switch (outcome.kind) {
    case 'product-read': {
      const { creator, photographer } = outcome.product;
      return those({ 'recount resumed': (creator.recount ?? photographer.recount) !== undefined });
    }
    case 'purchases-read': {
      const { product, todo, unwritten, lastFailure } = task;
      if (product === undefined) return [];
      const committed = committedIds(product, outcome.stored);
      const hasCopy = outcome.eventIds.some((id) => todo.has(id) && committed.has(id));
      const missing =
        unwritten ?? product.pending.filter(({ eventId }) => !outcome.stored.has(eventId));
      return those({
        'copy in a concurrent batch': hasCopy && lastFailure === 'conflict',
        'lost answer had been applied': hasCopy && lastFailure === 'unknown',
        'copy of an earlier batch':
          hasCopy && lastFailure !== 'conflict' && lastFailure !== 'unknown',
        'pending rows written for others': missing.length > 0,
      });
    }
    case 'committed': {
      const { purchases, switches } = outcome.commit;
      return those({
        'purchases split over writes': task.todo.size > purchases.length,
        'late registration took credit back': Object.values(switches).some(
          ({ debt }) => debt !== undefined,
        ),
      });
    }
    case 'page-committed':
      return those({ 'count went over a page': outcome.page.last !== undefined });
    case 'unprocessed':
      return ['rows came back unprocessed'];
    case 'stale':
      return ['stale plan noticed'];
    case 'conflict':
    case 'throttled':
    case 'unknown':
    case 'fatal':
      return those({
        'row lost to another invocation': outcome.kind === 'conflict',
        'score contended': (outcome.refused?.scores.length ?? 0) > 0,
      });
    default:
      return [];
  }
}

function those(reached: Readonly<Partial<Record<Situation, boolean>>>): readonly Situation[] {
  return SITUATIONS.filter((name) => reached[name]);
}
