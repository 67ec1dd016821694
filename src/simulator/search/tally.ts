/**
 * What a search has met so far: verdicts, faults and situations, each with the number of its runs.
 */
import { FAULT_NAMES } from '../model/faults.ts';
import type { Outcome } from './run-scenario.ts';
import { faultsIn, type Scenario } from './scenario.ts';
import { situationsOf } from './situations.ts';

export interface Tally {
  readonly runs: number;
  readonly diverged: number;
  readonly unknown: number;
  readonly distinctHistories: number;
  /** Runs that were done twice, and the seeds of those that differed. */
  readonly repeated: number;
  readonly unrepeatable: readonly string[];
  /** By the name of the fault. */
  readonly faults: Readonly<Record<string, FaultTally>>;
  /** By name: runs in which it was reached. */
  readonly situations: Readonly<Record<string, number>>;
}

export interface FaultTally {
  /** Runs with a ratio for it. */
  readonly asked: number;
  /** Runs in which it could have happened; undefined: not known, and never 0. */
  readonly eligible: number | undefined;
  /** Runs in which it happened. */
  readonly reached: number;
}

export interface TallyKeeper {
  add(scenario: Scenario, outcome: Outcome): void;
  repeated(unrepeatable: string | undefined): void;
  /** Adds the tally of other runs. */
  merge(other: Tally): void;
  /** Adds the shapes of other runs, which their tally doesn't have. */
  addShapes(shapes: readonly string[]): void;
  tally(): Tally;
}

/** The greatest number of distinct histories that is counted. */
const HASHES_MAX = 2 ** 23;

export function createTally(): TallyKeeper {
  let [runs, diverged, unknown, repeated] = [0, 0, 0, 0];
  const hashes = new Set<string>();
  const unrepeatable: string[] = [];
  const asked = new Map<string, number>();
  const reached = new Map<string, number>();
  const eligible = new Map<string, number>();
  const situations = new Map<string, number>(situationsOf(true).map((name) => [name, 0]));
  return {
    add(scenario, outcome) {
      runs++;
      if (outcome.verdict === 'diverged') diverged++;
      if (outcome.verdict === 'unknown') unknown++;
      if (hashes.size < HASHES_MAX) hashes.add(outcome.shape);
      for (const name of Object.keys(faultsIn(scenario))) increase(asked, name, 1);
      for (const name of outcome.faults) increase(reached, name, 1);
      for (const name of outcome.eligible) increase(eligible, name, 1);
      for (const name of outcome.situations) increase(situations, name, 1);
    },
    repeated(seed) {
      repeated++;
      if (seed !== undefined) unrepeatable.push(seed);
    },
    merge(other) {
      runs += other.runs;
      diverged += other.diverged;
      unknown += other.unknown;
      repeated += other.repeated;
      unrepeatable.push(...other.unrepeatable);
      for (const [name, fault] of Object.entries(other.faults)) {
        increase(asked, name, fault.asked);
        increase(reached, name, fault.reached);
        increase(eligible, name, fault.eligible ?? 0);
      }
      for (const [name, times] of Object.entries(other.situations)) {
        increase(situations, name, times);
      }
    },
    addShapes(shapes) {
      for (const shape of shapes) if (hashes.size < HASHES_MAX) hashes.add(shape);
    },
    tally: () => ({
      runs,
      diverged,
      unknown,
      distinctHistories: hashes.size,
      repeated,
      unrepeatable,
      faults: Object.fromEntries(
        [...new Set([...asked.keys(), ...reached.keys()])].map((name) => [
          name,
          {
            asked: asked.get(name) ?? 0,
            eligible: ELIGIBILITY_KNOWN.has(name) ? (eligible.get(name) ?? 0) : undefined,
            reached: reached.get(name) ?? 0,
          },
        ]),
      ),
      situations: Object.fromEntries(situations),
    }),
  };
}

/**
 * No stale read can happen to a handler whose reads are all consistent, and no unprocessed item
 * without batches.
 */
const ELIGIBILITY_KNOWN: ReadonlySet<string> = new Set([...FAULT_NAMES, 'stale-read']);

function increase(counts: Map<string, number>, name: string, by: number): void {
  counts.set(name, (counts.get(name) ?? 0) + by);
}
