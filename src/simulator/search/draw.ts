/**
 * Swarm testing: each run draws its own configuration from its seed. Faults and settings that never
 * coincide in one mixture of everything do coincide in some of many mixtures of a few.
 */

import { disorder } from '../disorder/disorder.ts';
import type { FaultRatios } from '../model/faults.ts';
import type { Random } from '../model/random.ts';
import type { RunOptions } from '../model/run-options.ts';
import type { Entities, GenerateOptions, Workload } from '../model/workload.ts';
import { below, pick, seededRandom } from '../random.ts';
import { eventsOf } from '../workload/source.ts';
import { PLAIN_OPTIONS, SCENARIO_VERSION, type Scenario, type ScenarioLimits } from './scenario.ts';

export interface DrawParts<Event> {
  readonly workload: Workload<Event>;
  readonly workloadFile?: string | undefined;
  readonly handler?: string | undefined;
  readonly invariants?: boolean | undefined;
  readonly faults: FaultRatios;
}

const EVENTS_MIN = 4;
const ENTITIES_MAX = 2;

export function draw<Event>(seed: string, parts: DrawParts<Event>): Scenario<Event> {
  const { workload } = parts;
  const random = seededRandom(seed, 'scenario');
  const size = {
    count: EVENTS_MIN + below(random, 5),
    entities: drawEntities(random, workload),
  };
  const events = historyOf(workload, seed, random, size);
  const disorderOptions = {
    shuffle: true,
    duplicate: pick(random, [0, 0.2, 0.4]),
    delay: pick(random, [0, 0.3]),
    // A handler that is not the shipped one may have no quarantine.
    garbage: parts.handler === undefined ? pick(random, [0, 0, 0, 0.2]) : 0,
  };
  const pushes = disorder(events.length, disorderOptions, random);
  const options: RunOptions = {
    ...PLAIN_OPTIONS,
    count: size.count,
    seed,
    shards: 1 + below(random, 3),
    partition: random() < 0.5 ? 'key' : 'random',
    batchSize: 1 + below(random, 8),
    parallelizationFactor: 1 + below(random, 4),
    bisect: random() < 0.5,
    faultProfile: { name: 'drawn', ratios: drawFaults(random, parts.faults) },
    workload: parts.workloadFile,
    handler: parts.handler,
    invariants: parts.invariants ?? false,
  };
  const limits = drawLimits(random, workload);
  const mapping = drawMapping(random);
  return {
    version: SCENARIO_VERSION,
    workload: workload.name,
    options: { ...options, ...mapping.options },
    events,
    pushes: Array.from({ length: pushes.length }, (_, position) => {
      const { event, copy } = pushes.at(position);
      return { event, copy };
    }),
    limits: { ...limits, ...mapping.limits },
    muted: [],
  };
}

/** As many of each as the workload has for so few events, but at most two; or one more. */
function drawEntities<Event>(random: Random, workload: Workload<Event>): Entities {
  return Object.fromEntries(
    Object.entries(workload.entities(EVENTS_MIN)).map(([name, number]) => [
      name,
      Math.min(number, ENTITIES_MAX) + below(random, 2),
    ]),
  );
}

function historyOf<Event>(
  workload: Workload<Event>,
  seed: string,
  random: Random,
  size: GenerateOptions,
): readonly Event[] {
  if (workload.smallHistory !== undefined) return workload.smallHistory(random, size);
  return [...eventsOf(workload.generate(seed, size))];
}

/** Short, so that a worker that hangs costs less time; longer ones would show the same. */
const TIMEOUT_MS = 15_000;
const POLL_INTERVAL_MS = 2_000;

function drawLimits<Event>(
  random: Random,
  { smallLimits }: Pick<Workload<Event>, 'smallLimits'>,
): ScenarioLimits {
  const handler = smallLimits?.(random) ?? {};
  return {
    ...(Object.keys(handler).length === 0 ? {} : { handler }),
    timeoutMs: TIMEOUT_MS,
    pollIntervalMs: POLL_INTERVAL_MS,
    ...(random() < 0.7 ? { pageBytesMax: 100 + below(random, 400) } : {}),
  };
}

/**
 * One run in four has a batch window; in one in six, records are discarded after some attempts or
 * at some age.
 */
function drawMapping(random: Random): {
  readonly options: Pick<RunOptions, 'batchWindow' | 'retryAttempts'>;
  readonly limits: Pick<ScenarioLimits, 'recordAgeMsMax'>;
} {
  const batchWindow = pick(random, [0, 0, 0, 0, 0, 0, 0.2, 3]);
  const discards = random();
  return {
    options: { batchWindow, retryAttempts: discards < 0.11 ? below(random, 4) : -1 },
    limits: discards >= 0.94 ? { recordAgeMsMax: pick(random, [5_000, 15_000, 40_000]) } : {},
  };
}

/**
 * One run in five has none; the others have a few, each as frequent as in the profile or several
 * times that.
 */
function drawFaults(random: Random, profile: FaultRatios): FaultRatios {
  const names = Object.keys(profile) as (keyof FaultRatios)[];
  if (names.length === 0 || random() < 0.2) return {};
  const share = pick(random, [0.1, 0.2, 0.4]);
  const chosen = names.filter((name) => (profile[name] ?? 0) > 0 && random() < share);
  return Object.fromEntries(
    chosen.map((name) => {
      const ratio = Math.min(RATIO_MAX, (profile[name] ?? 0) * pick(random, [1, 3, 8]));
      return [name, Math.round(ratio * 1000) / 1000];
    }),
  );
}

/** With more, no request would succeed before the faults stop. */
const RATIO_MAX = 0.4;
