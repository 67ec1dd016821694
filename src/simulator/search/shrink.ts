/**
 * Reduces a scenario that fails to one of which nothing more can be taken away: over events, copies,
 * order, batches, faults, limits and configuration together, from large reductions to single ones, and
 * again from the start whenever one of them has worked. What is asked must be whether it fails as the
 * first one did (`isLike`): a smaller scenario with another bug says nothing about this one. Pure.
 */
import type { Outcome } from './perform.ts';
import { openIn, type Reduction, reductions, renumberSeeds } from './reductions.ts';
import type { Scenario } from './scenario.ts';

/** What a scenario fails with; undefined: it doesn't fail, or not in the way that matters. */
export type Fails<Event> = (scenario: Scenario<Event>) => Promise<Attempt | undefined>;

export interface Attempt {
  /** Faults that the random source wanted, in their order: those that can be muted. */
  readonly occurrences: readonly string[];
}

/** Whether an outcome fails as another does: with the same verdict, and the same thing seen first. */
export function isLike(outcome: Failing, wanted: Failing): boolean {
  return outcome.verdict === wanted.verdict && outcome.seen === wanted.seen;
}

type Failing = Pick<Outcome, 'verdict' | 'seen'>;

export interface ShrinkOptions {
  /** Other seeds that are tried where a reduction doesn't fail with its own: another order, other faults. */
  readonly seedsTried?: number;
  /** Scenarios performed, at most. */
  readonly attemptsMax?: number;
  /** Told of each reduction that worked. */
  readonly onReduced?: (scenario: unknown, reduction: string) => void;
  readonly isStopped?: () => boolean;
}

export interface Shrunk<Event> {
  readonly scenario: Scenario<Event>;
  /** No single reduction fails any more, with any of the seeds that were tried; false: given up before. */
  readonly isMinimal: boolean;
  readonly attempts: number;
  readonly reductions: readonly string[];
}

const SEEDS_TRIED = 12;
const ATTEMPTS_MAX = 20_000;

export async function shrink<Event>(
  scenario: Scenario<Event>,
  fails: Fails<Event>,
  options: ShrinkOptions = {},
): Promise<Shrunk<Event>> {
  const { seedsTried = SEEDS_TRIED, attemptsMax = ATTEMPTS_MAX } = options;
  const done: string[] = [];
  let attempts = 0;
  const isOver = (): boolean => attempts >= attemptsMax || options.isStopped?.() === true;
  const ask = async (candidate: Scenario<Event>): Promise<Attempt | undefined> => {
    attempts++;
    return fails(candidate);
  };

  let best = scenario;
  const first = await ask(best);
  if (first === undefined) throw new Error('the scenario to be reduced does not fail');
  let last = first;

  const works = async (reduction: Reduction<Event>): Promise<boolean> => {
    const {
      name,
      scenario: candidate,
      isOfRecords,
      openMax = Number.POSITIVE_INFINITY,
    } = reduction;
    // With what the random source make of another seed; what has been muted is then another's occurrence.
    const unmuted = isOfRecords ? { ...candidate, muted: [] } : candidate;
    const seeds = unmuted.muted.length > 0 ? [] : renumberSeeds(unmuted, seedsTried);
    for (const each of [candidate, ...seeds]) {
      if (isOver()) return false;
      const attempt = await ask(each);
      if (attempt === undefined || openIn(each, attempt.occurrences).length > openMax) continue;
      best = each;
      last = attempt;
      done.push(name);
      options.onReduced?.(each, name);
      return true;
    }
    return false;
  };

  for (let again = true; again && !isOver(); ) {
    again = false;
    // Each list is of the best as it is when its turn comes.
    for (const list of reductions<Event>()) {
      for (let at = 0; !isOver(); ) {
        const reduction = list(best, last)[at];
        if (reduction === undefined) break;
        if (await works(reduction)) again = true;
        else at++;
      }
    }
  }
  // What is muted beyond the last occurrence never comes up.
  const { occurrences } = last;
  const muted = best.muted.filter((occurrence) => occurrence < occurrences.length);
  return { scenario: { ...best, muted }, isMinimal: !isOver(), attempts, reductions: done };
}
