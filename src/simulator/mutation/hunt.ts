/**
 * The hunt for a mutant: draws scenarios until a check catches one, and reduces that one. It runs
 * the handler that this process has loaded, with a mutant in it or without.
 */

import { isSameFailure } from '../model/failure.ts';
import { PROFILES } from '../model/fault-profiles.ts';
import type { Workload } from '../model/workload.ts';
import { seededRandom } from '../random.ts';
import { draw } from '../search/draw.ts';
import { runScenario } from '../search/run-scenario.ts';
import type { Scenario } from '../search/scenario.ts';
import { shrink } from '../search/shrink.ts';
import { PushFailed } from '../stream/push.ts';
import type { Likely } from './mutant.ts';
import { type Caught, createWitness } from './witness.ts';

export interface HuntParts<Event> {
  readonly workload: Workload<Event>;
  readonly seed: string;
  /** What to set in the scenarios, one after the other. */
  readonly likely: readonly Likely[];
  readonly runsMax: number;
  readonly timeMs: number;
  readonly now: () => number;
}

export interface Hunted<Event> extends Partial<Caught> {
  /** Up to the first that was caught. */
  readonly runs: number;
  readonly ms: number;
  /** Reduced. */
  readonly scenario?: Scenario<Event>;
  /** No single reduction is caught any more; false: the time was up. */
  readonly isMinimal?: boolean;
  readonly shrinkMs: number;
}

/** For the reduction, beyond the time of the hunt. */
const SHRINK_MS_MAX = 60_000;

export async function hunt<Event>(parts: HuntParts<Event>): Promise<Hunted<Event>> {
  const { workload, seed, likely, runsMax, timeMs, now } = parts;
  const startedAt = now();
  let runs = 0;
  while (runs < runsMax && now() - startedAt < timeMs) {
    const turn = likely[runs++ % likely.length] ?? {};
    const scenario = drawLikely(workload, `${seed}:${runs}`, turn);
    const caught = await check(scenario, workload);
    if (caught === undefined) continue;
    const ms = now() - startedAt;
    const isStopped = (): boolean => now() - startedAt > ms + SHRINK_MS_MAX;
    const fails = async (smaller: Scenario<Event>) => {
      const checked = await check(smaller, workload);
      return isSameFailure(checked?.failure, caught.failure) ? checked : undefined;
    };
    const shrunk = await shrink(scenario, fails, { isStopped });
    const { failure } = (await check(shrunk.scenario, workload)) ?? caught;
    const shrinkMs = now() - startedAt - ms;
    return { check: caught.check, failure, runs, ms, shrinkMs, ...shrunk };
  }
  return { runs, ms: now() - startedAt, shrinkMs: 0 };
}

interface Checked extends Caught {
  readonly occurrences: readonly string[];
}

export async function check<Event>(
  scenario: Scenario<Event>,
  workload: Workload<Event>,
): Promise<Checked | undefined> {
  const witness = createWitness();
  try {
    const outcome = await runScenario(scenario, { workload, readers: [witness.read] });
    const caught = witness.catches(scenario, outcome, subjectsOf(scenario, workload));
    return caught && { ...caught, occurrences: outcome.occurrences };
  } catch (error) {
    // The producer gave up, so the handler was not tried.
    if (error instanceof PushFailed) return undefined;
    throw error;
  }
}

/** Two in three with what makes the mutant likely, the others as drawn. */
function drawLikely<Event>(
  workload: Workload<Event>,
  seed: string,
  { faults, limits, subjects, ...options }: Likely,
): Scenario<Event> {
  let drawn = draw(seed, { workload, faults: PROFILES.heavy });
  for (let again = 1; again < DRAWS_MAX && subjects !== undefined; again++) {
    if (subjectsOf(drawn, workload) === subjects) break;
    drawn = draw(`${seed}.${again}`, { workload, faults: PROFILES.heavy });
  }
  const random = seededRandom(seed, 'likely');
  if (random() < 1 / 3) return drawn;
  return {
    ...drawn,
    options: {
      ...drawn.options,
      ...options,
      ...(faults === undefined ? {} : { faultProfile: { name: 'likely', ratios: faults } }),
    },
    limits: limits === undefined ? drawn.limits : { ...timesOf(drawn), ...limits },
  };
}

const DRAWS_MAX = 10;

function subjectsOf<Event>({ events }: Scenario<Event>, workload: Workload<Event>): number {
  return new Set(events.map((event) => workload.describe(event).subject)).size;
}

function timesOf({ limits: { timeoutMs, pollIntervalMs } }: Scenario): Scenario['limits'] {
  return {
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(pollIntervalMs === undefined ? {} : { pollIntervalMs }),
  };
}
