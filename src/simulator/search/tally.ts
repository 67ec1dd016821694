/** What a search has met so far: outcomes, faults and situations, each in how many runs. */
import { FAULT_NAMES } from '../model/faults.ts';
import type { Outcome } from './perform.ts';
import { faultsIn, type Scenario } from './scenario.ts';
import { situationsOf } from './situations.ts';

export interface Tally {
  readonly runs: number;
  readonly failures: number;
  readonly unknown: number;
  readonly distinctHistories: number;
  /** Runs done twice, and the seeds of those that weren't the same. */
  readonly repeated: number;
  readonly unrepeatable: readonly string[];
  /** By name: runs that asked for it, that had an occasion for it, and in which it happened. */
  readonly faults: Readonly<Record<string, FaultTally>>;
  /** By name: runs in which it was reached. */
  readonly situations: Readonly<Record<string, number>>;
}

export interface FaultTally {
  readonly asked: number;
  /** Undefined: of this one it isn't known, and there are always some. */
  readonly occasions: number | undefined;
  readonly reached: number;
}

export interface TallyKeeper {
  add(scenario: Scenario, outcome: Outcome): void;
  repeated(unrepeatable: string | undefined): void;
  /** Takes in another's, of other runs, and what they have newly found. */
  merge(other: Tally): void;
  found(shapes: readonly string[]): void;
  tally(): Tally;
}

/** Hashes kept to tell histories apart; beyond them the count is of those that are kept. */
const HASHES_MAX = 2 ** 23;

export function createTally(): TallyKeeper {
  let [runs, failures, unknown, repeated] = [0, 0, 0, 0];
  const hashes = new Set<string>();
  const unrepeatable: string[] = [];
  const asked = new Map<string, number>();
  const reached = new Map<string, number>();
  const occasions = new Map<string, number>();
  const situations = new Map<string, number>(situationsOf(true).map((name) => [name, 0]));
  return {
    add(scenario, outcome) {
      runs++;
      if (outcome.verdict === 'diverged') failures++;
      if (outcome.verdict === 'unknown') unknown++;
      if (hashes.size < HASHES_MAX) hashes.add(outcome.shape);
      for (const name of Object.keys(faultsIn(scenario))) increase(asked, name, 1);
      for (const name of outcome.faults) increase(reached, name, 1);
      for (const name of outcome.occasions) increase(occasions, name, 1);
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
      unrepeatable.push(...other.unrepeatable);
      for (const [name, fault] of Object.entries(other.faults)) {
        increase(asked, name, fault.asked);
        increase(reached, name, fault.reached);
        increase(occasions, name, fault.occasions ?? 0);
      }
      for (const [name, times] of Object.entries(other.situations)) {
        increase(situations, name, times);
      }
    },
    found(shapes) {
      for (const shape of shapes) if (hashes.size < HASHES_MAX) hashes.add(shape);
    },
    tally: () => ({
      runs,
      failures,
      unknown,
      distinctHistories: hashes.size,
      repeated,
      unrepeatable,
      faults: Object.fromEntries(
        [...new Set([...asked.keys(), ...reached.keys()])].map((name) => [
          name,
          {
            asked: asked.get(name) ?? 0,
            occasions: OCCASIONS_KNOWN.has(name) ? (occasions.get(name) ?? 0) : undefined,
            reached: reached.get(name) ?? 0,
          },
        ]),
      ),
      situations: Object.fromEntries(situations),
    }),
  };
}

/**
 * A handler whose every read is consistent gives no occasion for a stale one, nor one that writes no batches for
 * unprocessed items.
 */
const OCCASIONS_KNOWN: ReadonlySet<string> = new Set([...FAULT_NAMES, 'stale-read']);

function increase(counts: Map<string, number>, name: string, by: number): void {
  counts.set(name, (counts.get(name) ?? 0) + by);
}
