/**
 * Reduces a scenario that fails until no single reduction still fails: of events, copies, order,
 * batches, faults, limits and configuration, from large reductions to single ones, and again from
 * the start whenever one has worked. `Fails` must hold on to the first failure: a smaller scenario
 * with another bug says nothing about this one. Pure.
 */
import { type Attempt, openIn, type Reduction, reductions, renumberSeeds } from './reductions.ts';
import type { Scenario } from './scenario.ts';

/** Runs a scenario. Undefined: it doesn't fail, or not in the same way. */
export type Fails<Event> = (scenario: Scenario<Event>) => Promise<Attempt | undefined>;

export interface ShrinkOptions {
  /** How many other seeds are tried where a reduction doesn't fail with its own. */
  readonly seedsTried?: number;
  /** The greatest number of runs. */
  readonly attemptsMax?: number;
  /** Called for each reduction that worked. */
  readonly onReduced?: (scenario: unknown, reduction: string) => void;
  readonly isStopped?: () => boolean;
}

export interface Shrunk<Event> {
  readonly scenario: Scenario<Event>;
  /**
   * No single reduction fails any more, with any of the seeds that were tried; false: stopped
   * before.
   */
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
    // With another seed, other faults are drawn, and the muted numbers mean others.
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
    // Each list is made of the best scenario by then.
    for (const list of reductions<Event>()) {
      for (let at = 0; !isOver(); ) {
        const reduction = list(best, last)[at];
        if (reduction === undefined) break;
        if (await works(reduction)) again = true;
        else at++;
      }
    }
  }
  // Numbers beyond the last fault that was drawn mute nothing.
  const { occurrences } = last;
  const muted = best.muted.filter((occurrence) => occurrence < occurrences.length);
  return { scenario: { ...best, muted }, isMinimal: !isOver(), attempts, reductions: done };
}
