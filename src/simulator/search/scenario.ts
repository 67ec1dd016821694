/**
 * A scenario: one value that says all of a run, so that it can be kept, repeated, and reduced. Nothing
 * of it is generated when it is run but what its seed decides: who goes next, and which faults befall.
 */
import type { FaultRatios } from '../model/faults.ts';
import type { RunOptions } from '../model/run-options.ts';

/** Bumped whenever a scenario of before would mean another run. */
export const SCENARIO_VERSION = 1;

export interface ScenarioPush {
  /** Index into the scenario's events; -1 for a malformed record. */
  readonly event: number;
  /** 0 for the first push of an event. */
  readonly copy: number;
}

/** What small histories need in order to reach limits; undefined: as deployed. */
export interface ScenarioLimits {
  readonly purchasesPerWrite?: number;
  readonly productsAtOnce?: number;
  readonly attemptsMax?: number;
  readonly transactionActionsMax?: number;
  /** Of DynamoDB: what a query looks at before it ends a page. */
  readonly pageBytesMax?: number;
  /** Of DynamoDB, milliseconds: how long it knows a transaction by its token. */
  readonly tokenMs?: number;
  /** Of the function, milliseconds. */
  readonly timeoutMs?: number;
  /** Of the mapping, milliseconds. */
  readonly pollIntervalMs?: number;
  /** Of the mapping, milliseconds: what is older is discarded. */
  readonly recordAgeMsMax?: number;
}

export interface Scenario<Event = unknown> {
  readonly version: typeof SCENARIO_VERSION;
  readonly workload: string;
  /** Of the deterministic world; `count`, `shuffle` and the like are only words here. */
  readonly options: RunOptions;
  /** In canonical order, each pushed at least once. */
  readonly events: readonly Event[];
  readonly pushes: readonly ScenarioPush[];
  readonly limits: ScenarioLimits;
  /** Fault occurrences that are switched off, by their running number in the run. */
  readonly muted: readonly number[];
}

/** The faults of a scenario, those at zero left out. */
export function faultsIn({ options }: Scenario): FaultRatios {
  return Object.fromEntries(
    Object.entries(options.faultProfile.ratios).filter(([, ratio]) => ratio > 0),
  );
}
