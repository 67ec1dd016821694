/**
 * A scenario: one value that determines a run completely, so that the run can be kept, repeated and
 * reduced. Only its seed is left to decide what happens: the order of concurrent steps, and the
 * faults.
 */
import type { HandlerLimits } from '../execution/virtual/shipped.ts';
import type { FaultRatios } from '../model/faults.ts';
import { RUN_DEFAULTS, type RunOptions } from '../model/run-options.ts';

/** Incremented whenever a scenario of an older version would mean another run. */
export const SCENARIO_VERSION = 2;

export interface ScenarioPush {
  /** Index into the scenario's events; -1 for a malformed record. */
  readonly event: number;
  /** 0 for the first push of an event. */
  readonly copy: number;
}

/** Limits that a few events can reach; undefined: as deployed. */
export interface ScenarioLimits {
  /** Limits of the shipped handler, by its own names. */
  readonly handler?: HandlerLimits;
  /** Of DynamoDB: bytes that a query reads before it ends a page. */
  readonly pageBytesMax?: number;
  /** Of DynamoDB: how long it remembers the token of a transaction. */
  readonly tokenMs?: number;
  /** The function's time-out. */
  readonly timeoutMs?: number;
  /** Of the event source mapping. */
  readonly pollIntervalMs?: number;
  /** Of the event source mapping: older records are discarded. */
  readonly recordAgeMsMax?: number;
}

export interface Scenario<Event = unknown> {
  readonly version: typeof SCENARIO_VERSION;
  readonly workload: string;
  /**
   * Of the deterministic world; `count`, `shuffle` and what else shapes a history have no effect
   * here.
   */
  readonly options: RunOptions;
  /** In canonical order, each pushed at least once. */
  readonly events: readonly Event[];
  readonly pushes: readonly ScenarioPush[];
  readonly limits: ScenarioLimits;
  /** Fault occurrences that are switched off, by their running number in the run. */
  readonly muted: readonly number[];
}

/** The options of a scenario of which nothing is drawn: reductions go towards them. */
export const PLAIN_OPTIONS: RunOptions = {
  ...RUN_DEFAULTS,
  world: 'memory',
  seed: '',
  count: 0,
  entities: {},
  shards: 1,
};

/** The faults of a scenario, those with a ratio of 0 left out. */
export function faultsIn({ options }: Scenario): FaultRatios {
  return Object.fromEntries(
    Object.entries(options.faultProfile.ratios).filter(([, ratio]) => ratio > 0),
  );
}

/** The limits of a scenario by name, those of the handler among them. */
export function limitsIn({ limits }: Pick<Scenario, 'limits'>): Readonly<Record<string, number>> {
  const { handler, ...others } = limits;
  return { ...handler, ...others };
}
