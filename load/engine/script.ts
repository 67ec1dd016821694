/**
 * Reads the engine's part of a run's script: `config.engines.kinesis` and the steps of its scenarios. A mistake is
 * reported in one line before the first virtual user arrives.
 */
import * as v from 'valibot';
import { SimulatorError } from '../../src/simulator/model/errors.ts';

const wholeFrom = (least: number, most: number) => {
  const right = `must be a whole number from ${least} to ${most}`;
  return v.pipe(
    v.number(right),
    v.integer(right),
    v.minValue(least, right),
    v.maxValue(most, right),
  );
};
const RATIO = 'must be a number from 0 to 1';
const ratio = v.pipe(v.number(RATIO), v.minValue(0, RATIO), v.maxValue(1, RATIO));
const text = v.pipe(v.string('must be a text'), v.nonEmpty('must not be empty'));

const Config = v.strictObject({
  /** Any text; the same seed makes the same events in each worker. */
  seed: v.optional(v.string('must be a text'), 'load'),
  /** Events of one canonical history; the next one has other products. */
  history: v.optional(wholeFrom(20, 10_000_000), 5_000),
  /** Share of the events that is put again, later. */
  duplicate: v.optional(ratio, 0),
  /** Share of the events that is delayed. */
  late: v.optional(ratio, 0),
  /** Prefix of product and user ids, where the tables are shared. */
  mark: v.optional(v.string('must be a text'), ''),
  /** Of a local server; without it, the SDK's own variables decide. */
  endpoint: v.optional(v.pipe(text, v.url('must be a URL'))),
  region: v.optional(text),
  /** Folder for the lines of `acknowledged.ts`. */
  acknowledgements: v.optional(text),
});

export type EngineConfig = v.InferOutput<typeof Config>;

export const KINDS = ['any', 'creation', 'photograph', 'purchase'] as const;

/** The limit of `PutRecords`. */
const RECORDS_PER_CALL_MAX = 500;

const PutEvents = v.strictObject({
  /** Events to put, one after another in calls of `recordsPerCall`. */
  count: wholeFrom(1, 1_000_000),
  /** Skips the history's events of other kinds. */
  kind: v.optional(v.picklist(KINDS, `must be one of ${KINDS.join(', ')}`), 'any'),
  /** Share of the purchases that goes to one product, the same for all virtual users. */
  skew: v.optional(ratio, 0),
  recordsPerCall: v.optional(wholeFrom(1, RECORDS_PER_CALL_MAX), RECORDS_PER_CALL_MAX),
});

export type PutEvents = v.InferOutput<typeof PutEvents>;

export type Step =
  | { readonly putEvents: PutEvents }
  | { readonly think: string }
  | { readonly loop: readonly Step[]; readonly count: number }
  | { readonly function: string };

const STEPS = ['putEvents', 'think', 'loop', 'function'] as const;
const LOOPS_MAX = 1_000_000;

/** Throws a {@link SimulatorError} of one line. */
export function readScript(script: unknown): {
  readonly config: EngineConfig;
  readonly stream: string;
  readonly scenarios: readonly (readonly Step[])[];
} {
  const { config, scenarios } = script as {
    config?: { target?: unknown; engines?: Record<string, unknown> };
    scenarios?: unknown;
  };
  const stream = parse(
    v.pipe(v.string('must be the name of a stream'), v.nonEmpty('must be the name of a stream')),
    config?.target,
    'config.target',
  );
  if (!Array.isArray(scenarios) || scenarios.length === 0) {
    throw wrong('scenarios', 'must be a list of scenarios');
  }
  return {
    config: parse(Config, config?.engines?.['kinesis'] ?? {}, 'config.engines.kinesis'),
    stream,
    scenarios: scenarios
      .filter((scenario) => (scenario as { engine?: unknown } | null)?.engine === 'kinesis')
      .map(readScenario),
  };
}

export function readScenario(scenario: unknown, index?: number): readonly Step[] {
  const { name, flow } = scenario as { name?: unknown; flow?: unknown };
  const where = `scenario ${typeof name === 'string' ? name : (index ?? 0) + 1}`;
  return readSteps(flow, where);
}

export function usesSkew(steps: readonly Step[]): boolean {
  return steps.some((step) => {
    if ('loop' in step) return usesSkew(step.loop);
    return 'putEvents' in step && step.putEvents.skew > 0;
  });
}

function readSteps(steps: unknown, where: string): readonly Step[] {
  if (!Array.isArray(steps) || steps.length === 0) throw wrong(where, 'must have a list of steps');
  return steps.map((step: unknown, index) => readStep(step, `${where}, step ${index + 1}`));
}

function readStep(step: unknown, where: string): Step {
  const names = typeof step === 'object' && step !== null ? Object.keys(step) : [];
  const name = STEPS.find((each) => names.includes(each));
  const extra = names.find((each) => each !== name && !(name === 'loop' && each === 'count'));
  if (name === undefined || extra !== undefined) {
    const found = extra === undefined ? JSON.stringify(step) : `"${extra}"`;
    throw wrong(where, `must be one of ${STEPS.join(', ')}, not ${found}`);
  }
  const value: unknown = (step as Record<string, unknown>)[name];
  switch (name) {
    case 'putEvents':
      return { putEvents: parse(PutEvents, value, `${where}: putEvents`) };
    case 'think':
      return { think: readThink(value, `${where}: think`) };
    case 'loop': {
      const { count } = step as { count?: unknown };
      return {
        loop: readSteps(value, `${where}: loop`),
        count: parse(wholeFrom(1, LOOPS_MAX), count, `${where}: loop's count`),
      };
    }
    case 'function':
      return { function: parse(text, value, `${where}: function`) };
  }
}

/** Seconds as a number, or a text with its unit. */
function readThink(value: unknown, where: string): string {
  if (typeof value === 'number' && value >= 0 && Number.isFinite(value)) return `${value * 1000}ms`;
  if (typeof value === 'string' && /^\d+(\.\d+)?\s*(ms|s|m)$/.test(value)) return value;
  throw wrong(
    where,
    `must be seconds, or a time such as "500ms" or "2s", not ${JSON.stringify(value)}`,
  );
}

function parse<Schema extends v.GenericSchema>(
  schema: Schema,
  value: unknown,
  where: string,
): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, value, { abortEarly: true });
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const field = v.getDotPath(issue);
  const at = field === null ? where : `${where}.${field}`;
  const found = JSON.stringify(issue.input) ?? 'missing';
  if (issue.type !== 'strict_object') throw wrong(at, `${issue.message}, not ${found}`);
  const takes = 'entries' in schema ? Object.keys(schema.entries as object).join(', ') : '';
  if (field === null) throw wrong(at, `must be a set of ${takes}, not ${found}`);
  throw wrong(
    at,
    issue.expected === 'never' ? `is not known; ${where} takes ${takes}` : 'is missing',
  );
}

function wrong(where: string, what: string): SimulatorError {
  return new SimulatorError('usage', `${where} ${what}`);
}
