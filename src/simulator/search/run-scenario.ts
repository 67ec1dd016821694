/** Runs a scenario in the memory world, and returns what a search uses of its result. */
import type { Pushes } from '../disorder/disorder.ts';
import { STEPS_PER_YIELD } from '../execution/virtual/loop.ts';
import type { HandlerLoader } from '../execution/virtual/shipped.ts';
import type { HistoryReader } from '../history/history.ts';
import type { BatchDiscarded, HistoryRecord } from '../model/history.ts';
import type { ExplainedDifference, RunResult } from '../model/run-result.ts';
import type { Judgement } from '../model/verdict.ts';
import type { Workload } from '../model/workload.ts';
import { deliverByMapping } from '../run/deliver/mapping.ts';
import { type RunInput, run } from '../run/run.ts';
import { sourceOf } from '../workload/source.ts';
import type { Overrides } from '../worlds/memory/overrides.ts';
import { openWorld } from '../worlds/open-world.ts';
import type { Scenario, ScenarioPush } from './scenario.ts';
import { createShape } from './shape.ts';
import type { DeliverySituation } from './situations.ts';

export interface Outcome extends Judgement {
  /** A hash of what happened, without times and options: the same in runs that did the same. */
  readonly shape: string;
  /** A hash of everything that happened; undefined unless it was requested. */
  readonly hash: string | undefined;
  /** The faults that happened, each once. */
  readonly faults: readonly string[];
  readonly situations: readonly string[];
  /** The faults that could have happened, each once, as far as the world knows. */
  readonly eligible: readonly string[];
  /** Each fault that was drawn, muted ones included. */
  readonly occurrences: readonly string[];
  readonly invocations: number;
  readonly requests: number;
  readonly differencesTotal: number;
  readonly differences: readonly ExplainedDifference[];
  readonly output: readonly string[];
}

export interface RunScenarioParts<Event> {
  readonly workload: Workload<Event>;
  readonly load?: HandlerLoader | undefined;
  readonly readers?: readonly HistoryReader[];
  /** Called with what the history doesn't have. */
  readonly observers?: Pick<Overrides, 'onRequest' | 'onWrite'>;
  /** Whether to hash everything that happens, which takes time. */
  readonly isHashed?: boolean;
}

export async function runScenario<Event>(
  scenario: Scenario<Event>,
  parts: RunScenarioParts<Event>,
): Promise<Outcome> {
  const { workload, readers = [], isHashed = false } = parts;
  const { options, limits } = scenario;
  const shape = createShape();
  const seen: Seen = { situations: new Set(), eligible: new Set(), occurrences: [] };
  const overrides = overridesOf(scenario, parts, seen);
  const result = await run({
    workload,
    options,
    world: openWorld('memory', options, { workload, overrides }),
    deliver: deliverByMapping,
    policy: {
      expectsDiscards: options.retryAttempts >= 0 || limits.recordAgeMsMax !== undefined,
      requestsMax: REQUESTS_MAX,
      isHashed,
    },
    input: inputOf(scenario),
    readers: [shape.read, (record) => readDiscard(record, seen), ...readers],
  });
  return outcomeOf(result, shape.digest(), seen);
}

/** What a search counts while a run goes on. */
interface Seen {
  readonly situations: Set<string>;
  readonly eligible: Set<string>;
  readonly occurrences: string[];
}

function overridesOf<Event>(
  scenario: Scenario<Event>,
  { load, observers }: RunScenarioParts<Event>,
  seen: Seen,
): Overrides {
  const { handler, timeoutMs, pollIntervalMs, recordAgeMsMax, pageBytesMax, tokenMs } =
    scenario.limits;
  const muted = new Set(scenario.muted);
  return {
    load,
    timeoutMs,
    // Fewer yields make a run of a foreign handler an eighth faster.
    stepsPerYield: STEPS_PER_YIELD,
    ...(handler === undefined ? {} : { handlerLimits: handler }),
    databaseLimits: {
      ...(pageBytesMax === undefined ? {} : { pageBytesMax }),
      ...(tokenMs === undefined ? {} : { tokenMs }),
    },
    mapping: {
      ...(pollIntervalMs === undefined ? {} : { pollIntervalMs }),
      ...(recordAgeMsMax === undefined ? {} : { recordAgeMsMax }),
    },
    allowsFault(occurrence, fault) {
      seen.occurrences.push(fault);
      return !muted.has(occurrence);
    },
    onFaultEligible: (fault) => seen.eligible.add(fault),
    onSituation: (name) => seen.situations.add(name),
    ...observers,
  };
}

/** Situations of delivery, by the reason for which a batch was discarded. */
const DISCARDED: Readonly<Partial<Record<BatchDiscarded['reason'], DeliverySituation>>> = {
  'retry-attempts-exhausted': 'given up after the last retry',
  'record-age-exceeded': 'given up for its age',
};

function readDiscard(record: HistoryRecord, { situations }: Seen): void {
  const situation = record.type === 'batch-discarded' ? DISCARDED[record.reason] : undefined;
  if (situation !== undefined) situations.add(situation);
}

function outcomeOf(result: RunResult, shape: string, seen: Seen): Outcome {
  const { verdict, failures, differencesTotal, differences, output, figures } = result;
  const { faults, delivery, dynamodb } = figures;
  return {
    verdict,
    failures,
    shape,
    hash: result.historyHash,
    faults: Object.keys(faults).filter((name) => (faults[name]?.happened ?? 0) > 0),
    situations: [...seen.situations],
    eligible: [...seen.eligible],
    occurrences: seen.occurrences,
    invocations: delivery.batches + delivery.retries + delivery.repeats,
    requests: dynamodb.requests,
    differencesTotal,
    differences,
    output,
  };
}

/** A scenario's history and pushes, as the input of a run. */
export function inputOf<Event>({ events, pushes }: Scenario<Event>): RunInput<Event> {
  return { source: sourceOf(events), pushes: pushesOf(pushes) };
}

/**
 * Of 20,000 drawn runs of the shipped handler, half made 20 requests, one in a hundred 111, none
 * more than 339.
 */
const REQUESTS_MAX = 5_000;

function pushesOf(pushes: readonly ScenarioPush[]): Pushes {
  let malformed = 0;
  const all = pushes.map(({ event, copy }) =>
    event < 0 ? { event, copy: 0, garbage: malformed++ } : { event, copy, garbage: -1 },
  );
  return {
    length: all.length,
    at(position) {
      const push = all[position];
      if (push === undefined) throw new RangeError(`no push ${position}`);
      return push;
    },
  };
}
