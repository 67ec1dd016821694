/** Scenarios as text: versioned JSON, checked when it is read. */
import * as v from 'valibot';
import { SimulatorError } from '../model/errors.ts';
import { parseDocument } from './document.ts';
import { PLAIN_OPTIONS } from './draw.ts';
import { SCENARIO_VERSION, type Scenario } from './scenario.ts';

/** `mutant`: the planted bug without which it doesn't fail. */
export function formatScenario(scenario: Scenario, mutant?: string): string {
  const { version, workload, options, ...rest } = scenario;
  // What is as always isn't worth a line.
  const unusual = Object.entries(options).filter(
    ([name, value]) =>
      JSON.stringify(value) !== JSON.stringify(PLAIN_OPTIONS[name as keyof typeof PLAIN_OPTIONS]),
  );
  const document = { version, workload, mutant, options: Object.fromEntries(unusual), ...rest };
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
    workload: v.optional(v.string()),
    handler: v.optional(v.string()),
    faultProfile: v.optional(v.object({ name: v.string(), ratios: v.record(v.string(), ratio) })),
  }),
  events: v.array(v.looseObject({})),
  pushes: v.array(
    v.strictObject({ event: v.pipe(v.number(), v.integer(), v.minValue(-1)), copy: count }),
  ),
  limits: v.record(v.string(), whole),
  muted: v.array(count),
});

/** Throws a `SimulatorError` in one line at what is no scenario, or one of another version. */
export function parseScenario(text: string, name: string): Scenario {
  const { mutant: _, ...output } = parseDocument(text, name, {
    kind: 'scenario',
    version: SCENARIO_VERSION,
    schema,
  });
  const scenario = { ...output, options: { ...PLAIN_OPTIONS, ...output.options } };
  for (const { event } of output.pushes) {
    if (event < output.events.length) continue;
    throw new SimulatorError('usage', `${name} pushes an event ${event} that it doesn't have`);
  }
  // Each part was checked just now, as far as a run could stumble over it.
  return scenario as unknown as Scenario;
}
