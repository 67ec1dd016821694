/**
 * Every schedule of a small history, as a walk through states: the contents of the tables, the
 * place of each invocation, and whether a worker may still die. What follows a state does not
 * depend on how it was reached, so each state is visited once; the schedules through it are
 * counted, not repeated.
 */
import type { StoredTables } from '../../check/check.ts';
import { yieldToEventLoop } from '../../execution/virtual/loop.ts';
import type { HandlerLoader } from '../../execution/virtual/shipped.ts';
import type { Failure } from '../../model/failure.ts';
import type { Workload } from '../../model/workload.ts';
import { type Arrangement, arrangements } from './arrangements.ts';
import { createSmallWorld } from './small-world.ts';
import { type Choice, ScheduleFailed } from './states.ts';
import { createWalk } from './walk.ts';

export interface ExhaustiveParts<Event> {
  readonly workload: Workload<Event>;
  readonly events: readonly Event[];
  readonly load?: HandlerLoader;
  /** Default: all in which these events can arrive. */
  readonly arrangements?: readonly Arrangement[];
  /** Whether a worker may die, once in a schedule. Default: true. */
  readonly withDeaths?: boolean;
  readonly isStopped?: () => boolean;
  /** Called once for each different content that the tables end with. */
  readonly onEnding?: (tables: StoredTables) => void;
  readonly onProgress?: (counts: ExhaustiveCounts) => void;
}

export interface ExhaustiveCounts {
  /** Ways in which the events can arrive: those that were followed, and all. */
  readonly arrangements: number;
  readonly arrangementsTotal: number;
  /** Different states, over all arrangements. */
  readonly states: number;
  /** Transitions from one state to the next. */
  readonly steps: number;
  /** Complete schedules, as if each had been performed separately. */
  readonly schedules: number;
  /** Different contents that the tables end with, bookkeeping included. */
  readonly endings: number;
  /** How often the handler was run. */
  readonly runs: number;
}

export interface Exhausted extends ExhaustiveCounts {
  readonly failed?: {
    readonly arrangement: Arrangement;
    readonly failure: Failure;
    readonly choices: readonly Choice[];
  };
}

export async function exhaust<Event>(parts: ExhaustiveParts<Event>): Promise<Exhausted> {
  const { events, withDeaths = true } = parts;
  const all = parts.arrangements ?? arrangements(events.length);
  let [done, schedules, endings] = [0, 0, 0];
  const onEnding = (tables: StoredTables): void => {
    endings++;
    parts.onEnding?.(tables);
  };
  const { states, endings: ends, behaviour } = createSmallWorld({ ...parts, onEnding });
  const walk = createWalk({ states, endings: ends });
  const counts = (): ExhaustiveCounts => ({
    arrangements: done,
    arrangementsTotal: all.length,
    states: walk.states(),
    steps: walk.steps(),
    schedules,
    endings,
    runs: behaviour.runs(),
  });
  const turn = async (): Promise<boolean> => {
    parts.onProgress?.(counts());
    await yieldToEventLoop();
    return parts.isStopped?.() !== true;
  };
  for (const arrangement of all) {
    try {
      const followed = await walk.follow(arrangement, withDeaths, turn);
      if (followed === undefined) break;
      schedules += followed;
      done++;
    } catch (error) {
      if (!(error instanceof ScheduleFailed)) throw error;
      const { failure, choices } = error;
      return { ...counts(), failed: { arrangement, failure, choices } };
    }
  }
  return counts();
}
