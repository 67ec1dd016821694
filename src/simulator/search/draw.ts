/**
 * Swarm: each run takes its configuration from its own seed, so that what never meets in one mixture of
 * everything meets in some of many mixtures of a few things.
 */

import { disorder } from '../disorder/disorder.ts';
import type { FaultRatios } from '../model/faults.ts';
import type { Random } from '../model/random.ts';
import type { RunOptions } from '../model/run-options.ts';
import type { Entities, GenerateOptions, Workload } from '../model/workload.ts';
import { below, pick, seededRandom } from '../random.ts';
import { eventsOf } from '../workload/source.ts';
import { SCENARIO_VERSION, type Scenario, type ScenarioLimits } from './scenario.ts';

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
  const disordered = {
    shuffle: true,
    duplicate: pick(random, [0, 0.2, 0.4]),
    delay: pick(random, [0, 0.3]),
    // Somebody's handler need have no quarantine.
    garbage: parts.handler === undefined ? pick(random, [0, 0, 0, 0.2]) : 0,
  };
  const pushes = disorder(events.length, disordered, random);
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
  const limits = drawLimits(random);
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

/** The options of a scenario where nothing is drawn: the canonical ones, towards which it is reduced. */
export const PLAIN_OPTIONS: RunOptions = {
  seed: '',
  count: 0,
  // A scenario has its events already.
  entities: {},
  shuffle: false,
  duplicate: 0,
  delay: 0,
  garbage: 0,
  shards: 1,
  partition: 'key',
  batchSize: 100,
  batchWindow: 0,
  parallelizationFactor: 1,
  retryAttempts: -1,
  bisect: true,
  repeatDelivery: 0,
  kill: 0,
  faults: {},
  faultProfile: { name: 'none', ratios: {} },
  invariants: false,
  workload: undefined,
  handler: undefined,
  world: 'memory',
  kinesisServer: 'kinesalite',
  dynamodbServer: 'dynoxide',
  kinesisEndpoint: undefined,
  dynamodbEndpoint: undefined,
  stage: undefined,
  prefix: '',
  wait: 0,
  still: 0,
  clean: false,
  yes: false,
};

/** As many of each as the workload has for so few events, or one more: few, so that events meet. */
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
  if (workload.small !== undefined) return workload.small(random, size);
  return [...eventsOf(workload.generate(seed, size))];
}

/** Waits for a stalled worker's end are the same whatever their length; short ones cost less. */
const TIMEOUT_MS = 15_000;
const POLL_INTERVAL_MS = 2_000;

function drawLimits(random: Random): ScenarioLimits {
  return {
    timeoutMs: TIMEOUT_MS,
    pollIntervalMs: POLL_INTERVAL_MS,
    ...(random() < 0.7 ? { purchasesPerWrite: 1 + below(random, 3) } : {}),
    ...(random() < 0.3 ? { productsAtOnce: 1 } : {}),
    ...(random() < 0.3 ? { attemptsMax: 2 + below(random, 3) } : {}),
    ...(random() < 0.5 ? { transactionActionsMax: 2 + below(random, 4) } : {}),
    ...(random() < 0.7 ? { pageBytesMax: 100 + below(random, 400) } : {}),
  };
}

/** Windows in one run of four; in one of six, delivery gives up what fails for too often or too long. */
function drawMapping(random: Random): {
  readonly options: Pick<RunOptions, 'batchWindow' | 'retryAttempts'>;
  readonly limits: Pick<ScenarioLimits, 'recordAgeMsMax'>;
} {
  const batchWindow = pick(random, [0, 0, 0, 0, 0, 0, 0.2, 3]);
  const given = random();
  return {
    options: { batchWindow, retryAttempts: given < 0.11 ? below(random, 4) : -1 },
    limits: given >= 0.94 ? { recordAgeMsMax: pick(random, [5_000, 15_000, 40_000]) } : {},
  };
}

/** A run in five has none; the others have a few, each more frequent than the profile has it. */
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

/** With more, nothing would ever get through before faults stop. */
const RATIO_MAX = 0.4;
