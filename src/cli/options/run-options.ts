/** From the values of the table to the options of a run, and from those to the command that repeats it. */
import { MEMORY_FAULT_NAMES } from '../../simulator/model/faults.ts';
import {
  RUN_DEFAULTS,
  type RunOptions,
  SHUFFLE_DEFAULTS,
} from '../../simulator/model/run-options.ts';
import type { Entities } from '../../simulator/model/workload.ts';
import { hash32 } from '../../simulator/random.ts';
import { entities } from '../../simulator/workload/winner/entities.ts';
import type { ReadContext } from '../command.ts';
import { flagOf, type Option, type OptionValues, type RunFlags, refused } from './option.ts';
import { ENTITY_OPTIONS, RUN_OPTIONS } from './run-table.ts';
import { refuseProduction } from './shared-options.ts';

type RunValues = { readonly [Key in keyof RunFlags]?: RunFlags[Key] | undefined };

/** The options of a run, among other values. What isn't given has its default, which may follow from others. */
export function resolveRun(among: RunValues, seed: string): RunOptions {
  const keys = (Object.keys(RUN_OPTIONS) as (keyof RunValues)[]).filter(
    (key) => among[key] !== undefined,
  );
  // Its keys are those of the table.
  const given = Object.fromEntries(keys.map((key) => [key, among[key]])) as Partial<RunFlags>;
  const { entity, fault, faults, ...others } = given;
  const { count = RUN_DEFAULTS.count, shuffle = RUN_DEFAULTS.shuffle, workload } = others;
  // The entities of another workload are known when it is loaded.
  const known: Entities = workload === undefined ? entities(count) : {};
  return {
    ...RUN_DEFAULTS,
    ...(shuffle === false ? {} : SHUFFLE_DEFAULTS),
    prefix: hash32(seed).toString(36),
    ...others,
    seed,
    entities: { ...known, ...entity },
    ...(fault && { faults: fault }),
    ...(faults && { faultProfile: faults }),
  };
}

/** The entities that are given, by `--entity` or by flags of their own. Throws a `SimulatorError`. */
export function entitiesOf(
  values: { readonly entity: Entities | undefined } & OptionValues<typeof ENTITY_OPTIONS>,
  { place }: Pick<ReadContext, 'place'>,
): Entities {
  const all: Record<string, number> = { ...values.entity };
  for (const name of Object.keys(ENTITY_OPTIONS) as (keyof typeof ENTITY_OPTIONS)[]) {
    const count = values[name];
    const { configFile } = place(name);
    const isTwice = count !== undefined && Object.hasOwn(all, name);
    if (isTwice && configFile === place('entity').configFile) {
      throw refused(place(name), `--entity ${name} was given twice; once is enough`);
    }
    // The command line wins.
    if (count !== undefined && !(isTwice && configFile !== undefined)) all[name] = count;
  }
  return all;
}

/** The options of a run where only these three are given. */
export function defaultOptions(given: Pick<RunOptions, 'seed' | 'count' | 'shuffle'>): RunOptions {
  return resolveRun(given, given.seed);
}

/** Throws a `SimulatorError` unless a world can do what is asked of it. */
export function checkWorld(options: RunOptions, { place }: Pick<ReadContext, 'place'>): void {
  const beyond = MEMORY_FAULT_NAMES.find((name) => options.faults[name] !== undefined);
  if (options.world === 'local' && beyond !== undefined) {
    const text = `--fault ${beyond} has no effect with --world local: leave it out, or use --world memory`;
    throw refused(place('fault'), text);
  }
  if (options.world !== 'aws') return;
  if (options.stage === undefined) {
    throw refused(
      place('world'),
      '--world aws takes the stage of a deployed stack: --world aws --stage dev',
    );
  }
  refuseProduction(options.stage, options.yes, 'fill its tables with generated events');
}

type Value = string | number | boolean | Readonly<Record<string, number>> | undefined;

const TABLE: Readonly<Record<string, Option<unknown>>> = RUN_OPTIONS;

/** `npx simulate --seed ...` with what differs from the defaults. */
export function repeatCommand(options: RunOptions): string {
  const { seed, count, shuffle, workload } = options;
  // The defaults of others follow from these.
  const followed = resolveRun({ count, shuffle, workload }, seed);
  const { count: countDefault, shuffle: shuffleDefault } = RUN_DEFAULTS;
  const own = { count: countDefault, shuffle: shuffleDefault, workload: undefined };
  const defaults = valuesOf({ ...followed, ...own });
  const values = valuesOf(options);
  const words = ['npx simulate', ...assignment('seed', seed)];
  for (const [key, option] of Object.entries(TABLE)) {
    const flag = flagOf(key);
    const hasEffect = option.worlds?.includes(options.world) ?? true;
    const isReplaced = Object.entries(TABLE).some(
      ([other, { excludes }]) => excludes?.includes(flag) && values[other] !== undefined,
    );
    if (key === 'seed' || !hasEffect || isReplaced) continue;
    words.push(...assignments(flag, values[key], defaults[key]));
  }
  return words.join(' ');
}

function valuesOf(options: RunOptions): Readonly<Record<string, Value>> {
  const { entities, faults, faultProfile, ...others } = options;
  return { ...others, entity: entities, fault: faults, faults: faultProfile.name };
}

/** None for a default; one for each fault and entity. */
function assignments(flag: string, value: Value, byDefault: Value): string[] {
  if (value === undefined || value === byDefault) return [];
  if (typeof value !== 'object') return assignment(flag, value);
  const defaults = typeof byDefault === 'object' ? byDefault : {};
  return Object.entries(value)
    .filter(([name, number]) => number !== defaults[name])
    .flatMap(([name, number]) => {
      const hasFlag = flag === 'entity' && Object.hasOwn(ENTITY_OPTIONS, name);
      return hasFlag ? assignment(name, number) : assignment(flag, `${name}=${number}`);
    });
}

function assignment(flag: string, value: string | number | boolean): string[] {
  if (value === true) return [`--${flag}`];
  if (value === false) return [`--no-${flag}`];
  const text = String(value);
  // After a space, a word with a dash would be taken for the next flag, unless it is a number.
  if (text.startsWith('-') && typeof value === 'string') return [`--${flag}=${shellQuoted(text)}`];
  return [`--${flag}`, shellQuoted(text)];
}

/** One word for any POSIX shell. */
export function shellQuoted(text: string): string {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text;
  return `'${text.replaceAll("'", "'\\''")}'`;
}
