/**
 * The search in one process: draws scenarios and runs them until one fails or a limit is reached.
 * `explore.ts` uses several processes.
 */

import { yieldToEventLoop } from '../execution/virtual/loop.ts';
import type { HandlerLoader } from '../execution/virtual/shipped.ts';
import type { FaultRatios } from '../model/faults.ts';
import type { Workload } from '../model/workload.ts';
import { draw } from './draw.ts';
import { type Outcome, runScenario } from './run-scenario.ts';
import type { Scenario } from './scenario.ts';
import { createTally, type Tally } from './tally.ts';

export interface SearchParts<Event> {
  readonly workload: Workload<Event>;
  /** Where it was loaded from, if it is not the shipped one. */
  readonly workloadFile?: string | undefined;
  /** A changed handler in place of the shipped one. */
  readonly load?: HandlerLoader | undefined;
  /** `FILE[#EXPORT]`, absolute: another handler. */
  readonly handler?: string | undefined;
  /** Check the invariants on that handler as well. */
  readonly invariants?: boolean;
  /** The seed of each run consists of this one and the run's number. */
  readonly seed: string;
  /** The number of the first run, for one of several processes. */
  readonly first?: number;
  /** From the number of one run to that of the next. */
  readonly step?: number;
  readonly runsMax: number;
  /** Of the clock `now`. */
  readonly timeMsMax: number;
  /** Each run draws some of these faults, with ratios of its own. */
  readonly faults: FaultRatios;
  /** Continues after a failure. */
  readonly keepGoing?: boolean;
  readonly now: () => number;
  /** Called after every run. */
  readonly onRun?: (outcome: Outcome, scenario: Scenario<Event>) => void;
  /** The number of the last run to make, which may become less. */
  readonly last?: () => number;
}

/** A run that did not converge. */
export interface FailedRun<Event> {
  readonly number: number;
  readonly scenario: Scenario<Event>;
  readonly outcome: Outcome;
}

export interface SearchResult<Event> {
  readonly firstFailed: FailedRun<Event> | undefined;
  readonly tally: Tally;
}

/** Runs between two yields to the real event loop, which drives progress and Ctrl-C. */
const RUNS_PER_TURN = 100;
/** One run in so many is done twice, and must have the same history. */
const REPEATED_EVERY = 64;

export async function search<Event>(parts: SearchParts<Event>): Promise<SearchResult<Event>> {
  const { workload, load, now, first = 0, step = 1, last = () => Number.POSITIVE_INFINITY } = parts;
  const startedAt = now();
  const tally = createTally();
  let firstFailed: FailedRun<Event> | undefined;
  let runs = 0;
  for (let number = first; runs < parts.runsMax; number += step) {
    if (now() - startedAt >= parts.timeMsMax || number > last()) break;
    const scenario = draw(`${parts.seed}:${number}`, parts);
    const isHashed = runs % REPEATED_EVERY === 0;
    const outcome = await runScenario(scenario, { workload, load, isHashed });
    runs++;
    tally.add(scenario, outcome);
    if (isHashed) {
      const again = await runScenario(scenario, { workload, load, isHashed });
      tally.repeated(outcome.hash === again.hash ? undefined : scenario.options.seed);
    }
    parts.onRun?.(outcome, scenario);
    if (runs % RUNS_PER_TURN === 0) await yieldToEventLoop();
    if (outcome.verdict !== 'converged') firstFailed ??= { number, scenario, outcome };
    if (firstFailed !== undefined && parts.keepGoing !== true) break;
  }
  return { firstFailed, tally: tally.tally() };
}
