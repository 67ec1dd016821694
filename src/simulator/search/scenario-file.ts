/** Scenarios as versioned JSON, validated when it is read. */
import * as v from 'valibot';
import { SimulatorError } from '../model/errors.ts';
import { FAULT_NAMES, MEMORY_FAULT_NAMES } from '../model/faults.ts';
import { parseDocument } from './document.ts';
import { PLAIN_OPTIONS, SCENARIO_VERSION, type Scenario } from './scenario.ts';

/** `mutant`: the planted bug that the scenario needs in order to fail. */
export function formatScenario(scenario: Scenario, mutant?: string): string {
  const { version, workload, options, ...rest } = scenario;
  // Plain options are left out.
  const changed = Object.entries(options).filter(
    ([name, value]) =>
      JSON.stringify(value) !== JSON.stringify(PLAIN_OPTIONS[name as keyof typeof PLAIN_OPTIONS]),
  );
  const document = { version, workload, mutant, options: Object.fromEntries(changed), ...rest };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/** More copies of an event than any search draws. */
const COPY_MAX = 100;
const from = (min: number, max: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));
const count = from(0, Number.MAX_SAFE_INTEGER);
const whole = from(1, Number.MAX_SAFE_INTEGER);
const ratio = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const ratios = v.partial(
  v.strictObject(v.entriesFromList([...FAULT_NAMES, ...MEMORY_FAULT_NAMES], ratio)),
);
const schema = v.strictObject({
  version: v.literal(SCENARIO_VERSION),
  workload: v.string(),
  mutant: v.optional(v.string()),
  options: v.looseObject({
    seed: v.string(),
    shards: v.optional(from(1, 500)),
    partition: v.optional(v.picklist(['key', 'random'])),
    batchSize: v.optional(from(1, 10_000)),
    batchWindow: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(300))),
    parallelizationFactor: v.optional(from(1, 10)),
    retryAttempts: v.optional(from(-1, 10_000)),
    bisect: v.optional(v.boolean()),
    repeatDelivery: v.optional(ratio),
    kill: v.optional(count),
    faultProfile: v.optional(v.strictObject({ name: v.string(), ratios })),
    faults: v.optional(ratios),
    workload: v.optional(v.string()),
    handler: v.optional(v.string()),
    invariants: v.optional(v.boolean()),
    // They have no effect here.
    count: v.optional(count),
    entities: v.optional(v.record(v.string(), count)),
    shuffle: v.optional(v.union([v.boolean(), whole])),
    duplicate: v.optional(ratio),
    delay: v.optional(ratio),
    garbage: v.optional(ratio),
  }),
  events: v.array(v.looseObject({})),
  pushes: v.array(
    v.strictObject({
      event: from(-1, Number.MAX_SAFE_INTEGER),
      copy: from(0, COPY_MAX),
    }),
  ),
  limits: v.strictObject({
    handler: v.optional(v.record(v.string(), whole)),
    pageBytesMax: v.optional(whole),
    tokenMs: v.optional(whole),
    timeoutMs: v.optional(whole),
    pollIntervalMs: v.optional(whole),
    recordAgeMsMax: v.optional(whole),
  }),
  muted: v.array(count),
});

/** Throws a `SimulatorError` in one line if the text is not a scenario of this version. */
export function parseScenario(text: string, name: string): Scenario {
  const { mutant: _, ...output } = parseDocument(text, name, {
    kind: 'scenario',
    version: SCENARIO_VERSION,
    schema,
  });
  const scenario = { ...output, options: { ...PLAIN_OPTIONS, ...output.options } };
  const pushed = new Set(output.pushes.map(({ event }) => event).filter((event) => event >= 0));
  const { length } = output.events;
  const wrong = [...pushed].find((event) => event >= length);
  if (wrong !== undefined || pushed.size < length) {
    const problem =
      wrong === undefined
        ? 'an event is never pushed'
        : `a push has event ${wrong}, which does not exist`;
    throw new SimulatorError('usage', `${name}: ${problem}`);
  }
  // The schema has checked every part that a run depends on.
  return scenario as unknown as Scenario;
}
