/** What a search has met so far: outcomes, faults and situations, each in how many runs. */
import { SITUATIONS } from '../world/memory/shipped.ts';
import type { Outcome } from './perform.ts';
import { faultsIn, type Scenario } from './scenario.ts';

export interface Tally {
  readonly runs: number;
  readonly failures: number;
  readonly unknown: number;
  readonly distinctHistories: number;
  /** Runs done twice, and the seeds of those that weren't the same. */
  readonly repeated: number;
  readonly unrepeatable: readonly string[];
  /** By name: runs in which it was reached; a fault also: runs that asked for it. */
  readonly faults: Readonly<Record<string, { readonly asked: number; readonly reached: number }>>;
  readonly situations: Readonly<Record<string, number>>;
}

export interface TallyKeeper {
  add(scenario: Scenario, outcome: Outcome): void;
  repeated(unrepeatable: string | undefined): void;
  /** Takes in another's, of other runs. */
  merge(other: Tally): void;
  tally(): Tally;
}

/** Hashes kept to tell histories apart; beyond them the count is of those that are kept. */
const HASHES_MAX = 2 ** 23;

export function createTally(): TallyKeeper {
  let [runs, failures, unknown, repeated, others] = [0, 0, 0, 0, 0];
  const hashes = new Set<string>();
  const unrepeatable: string[] = [];
  const asked = new Map<string, number>();
  const reached = new Map<string, number>();
  const situations = new Map<string, number>(SITUATIONS.map((name) => [name, 0]));
  return {
    add(scenario, outcome) {
      runs++;
      if (outcome.verdict === 'diverged') failures++;
      if (outcome.verdict === 'unknown') unknown++;
      if (hashes.size < HASHES_MAX) hashes.add(outcome.shape);
      for (const name of Object.keys(faultsIn(scenario))) increase(asked, name, 1);
      for (const name of outcome.faults) increase(reached, name, 1);
      for (const name of outcome.situations) increase(situations, name, 1);
    },
    repeated(seed) {
      repeated++;
      if (seed !== undefined) unrepeatable.push(seed);
    },
    merge(other) {
      runs += other.runs;
      failures += other.failures;
      unknown += other.unknown;
      repeated += other.repeated;
      others += other.distinctHistories;
      unrepeatable.push(...other.unrepeatable);
      for (const [name, fault] of Object.entries(other.faults)) {
        increase(asked, name, fault.asked);
        increase(reached, name, fault.reached);
      }
      for (const [name, times] of Object.entries(other.situations)) {
        increase(situations, name, times);
      }
    },
    tally: () => ({
      runs,
      failures,
      unknown,
      distinctHistories: hashes.size + others,
      repeated,
      unrepeatable,
      faults: Object.fromEntries(
        [...new Set([...asked.keys(), ...reached.keys()])].map((name) => [
          name,
          { asked: asked.get(name) ?? 0, reached: reached.get(name) ?? 0 },
        ]),
      ),
      situations: Object.fromEntries(situations),
    }),
  };
}

function increase(counts: Map<string, number>, name: string, by: number): void {
  counts.set(name, (counts.get(name) ?? 0) + by);
}
