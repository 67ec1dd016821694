/** Performs a scenario: one run in the deterministic world, and what is to be known of it afterwards. */
import type { Pushes } from '../disorder/disorder.ts';
import { createLoop } from '../execution/virtual/loop.ts';
import type { HandlerLoader } from '../execution/virtual/shipped.ts';
import type { HistoryReader } from '../history/history.ts';
import type { BatchDiscarded, HistoryRecord } from '../model/history.ts';
import type { ExplainedDifference } from '../model/run-result.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Workload } from '../model/workload.ts';
import { run } from '../run/run.ts';
import { sourceOf } from '../workload/source.ts';
import { openMemory } from '../worlds/memory/open-memory-world.ts';
import type { Circumstances } from '../worlds/memory/overrides.ts';
import type { Scenario, ScenarioPush } from './scenario.ts';
import { createShape } from './shape.ts';
import type { DeliverySituation } from './situations.ts';

export interface Outcome {
  readonly verdict: Verdict;
  readonly reasons: readonly string[];
  /** What was seen to be wrong first, in words that are the same for every run that fails in this way. */
  readonly seen: string | undefined;
  /** Of all that happened, times and options left out: the same in runs that did the same. */
  readonly shape: string;
  /** Of all that happened, to the last bit; undefined unless it was asked for. */
  readonly hash: string | undefined;
  /** Each once. */
  readonly faults: readonly string[];
  readonly situations: readonly string[];
  /** Those that could have happened, each once, as far as the world can tell. */
  readonly occasions: readonly string[];
  /** Fault occurrences that the random source wanted, those that were muted included. */
  readonly occurrences: readonly string[];
  readonly invocations: number;
  readonly requests: number;
  readonly differencesTotal: number;
  readonly differences: readonly ExplainedDifference[];
  readonly output: readonly string[];
}

export interface PerformParts<Event> {
  readonly workload: Workload<Event>;
  readonly load?: HandlerLoader | undefined;
  readonly readers?: readonly HistoryReader[];
  /** Told of more than the history has. */
  readonly watching?: Pick<Circumstances, 'requested' | 'wrote'>;
  /** Whether to take the exact hash, which costs. */
  readonly isHashed?: boolean;
}

export async function perform<Event>(
  scenario: Scenario<Event>,
  parts: PerformParts<Event>,
): Promise<Outcome> {
  const { workload } = parts;
  const { options, limits } = scenario;
  const { handler, timeoutMs, pollIntervalMs, recordAgeMsMax, pageBytesMax, tokenMs } = limits;
  const loop = createLoop(START_MS);
  const shape = createShape();
  const situations = new Set<string>();
  const occurrences: string[] = [];
  const occasions = new Set<string>();
  const muted = new Set(scenario.muted);
  const circumstances = {
    load: parts.load,
    ...(handler === undefined ? {} : { handlerLimits: handler }),
    databaseLimits: {
      ...(pageBytesMax === undefined ? {} : { pageBytesMax }),
      ...(tokenMs === undefined ? {} : { tokenMs }),
    },
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    mapping: {
      ...(pollIntervalMs === undefined ? {} : { pollIntervalMs }),
      ...(recordAgeMsMax === undefined ? {} : { recordAgeMsMax }),
    },
    mayHappen: (occurrence: number, fault: string) => {
      occurrences.push(fault);
      return !muted.has(occurrence);
    },
    occasion: (fault: string) => occasions.add(fault),
    ...parts.watching,
    situation: (name: string) => situations.add(name),
  };
  const discards = (record: HistoryRecord): void => {
    if (record.type !== 'batch-discarded') return;
    const situation = DISCARDED[record.reason];
    if (situation !== undefined) situations.add(situation);
  };
  const { tables } = workload;
  const result = await run({
    workload,
    options,
    repeat: '',
    given: givenBy(scenario),
    now: loop.now,
    wallNow: loop.now,
    losesOnPurpose: options.retryAttempts >= 0 || recordAgeMsMax !== undefined,
    requestsMax: REQUESTS_MAX,
    isLean: parts.isHashed !== true,
    readers: [shape.read, discards, ...(parts.readers ?? [])],
    signal: NEVER,
    openWorld: (history, guard) =>
      openMemory({ options, history, loop, tables, guard, circumstances }),
  });
  const { verdict, reasons, seen, differencesTotal, differences, output, figures } = result;
  const faults = Object.entries(figures.faults).flatMap(([name, { happened }]) =>
    happened > 0 ? [name] : [],
  );
  return {
    verdict,
    reasons,
    seen,
    shape: shape.digest(),
    hash: result.historyHash,
    faults,
    situations: [...situations],
    occasions: [...occasions],
    occurrences,
    invocations: figures.delivery.batches + figures.delivery.retries + figures.delivery.repeats,
    requests: figures.dynamodb.requests,
    differencesTotal,
    differences,
    output,
  };
}

/** Situations of delivery, by the reason for which it has discarded something. */
const DISCARDED: Readonly<Partial<Record<BatchDiscarded['reason'], DeliverySituation>>> = {
  'retry-attempts-exhausted': 'given up after the last retry',
  'record-age-exceeded': 'given up for its age',
};

/** A scenario's history and pushes, as a run takes them. */
export function givenBy<Event>({ events, pushes }: Scenario<Event>) {
  return { source: sourceOf(events), pushes: pushesOf(pushes) };
}

/** Of 20,000 drawn runs of the shipped handler, half took 20, one in a hundred 111, none more than 339. */
const REQUESTS_MAX = 5_000;
const START_MS = Date.parse('2017-03-28T23:52:53.763Z');
const NEVER = new AbortController().signal;

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
