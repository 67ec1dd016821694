/** Scenarios as versioned JSON, validated when it is read. */
import * as v from 'valibot';
import { SimulatorError } from '../model/errors.ts';
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

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const whole = v.pipe(v.number(), v.integer(), v.minValue(1));
const ratio = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const schema = v.strictObject({
  version: v.literal(SCENARIO_VERSION),
  workload: v.string(),
  mutant: v.optional(v.string()),
  options: v.looseObject({
    seed: v.string(),
    shards: v.optional(whole),
    batchSize: v.optional(whole),
    parallelizationFactor: v.optional(whole),
    partition: v.optional(v.picklist(['key', 'random'])),
    workload: v.optional(v.string()),
    handler: v.optional(v.string()),
    faultProfile: v.optional(v.object({ name: v.string(), ratios: v.record(v.string(), ratio) })),
  }),
  events: v.array(v.looseObject({})),
  pushes: v.array(
    v.strictObject({ event: v.pipe(v.number(), v.integer(), v.minValue(-1)), copy: count }),
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
  for (const { event } of output.pushes) {
    if (event < output.events.length) continue;
    throw new SimulatorError('usage', `${name}: a push has event ${event}, which does not exist`);
  }
  // The schema has checked every part that a run depends on.
  return scenario as unknown as Scenario;
}
