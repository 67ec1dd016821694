/** The options of a run, as one table, and from its values to a run's options. */
import { MEMORY_FAULT_NAMES } from '../../simulator/model/faults.ts';
import type { RunOptions } from '../../simulator/model/run-options.ts';
import type { Entities } from '../../simulator/model/workload.ts';
import { hash32 } from '../../simulator/random.ts';
import { entities } from '../../simulator/workload/winner/entities.ts';
import type { Words } from '../command.ts';
import { DELIVERY_OPTIONS } from './delivery-options.ts';
import { ENTITY_OPTIONS, HISTORY_OPTIONS, SHUFFLED } from './history-options.ts';
import { type OptionValues, type RunFlagTable, refused } from './option.ts';
import { readValues } from './read-values.ts';
import { refuseProduction } from './stage.ts';
import { WORLD_OPTIONS } from './world-options.ts';

/** In the order of the help. The type asks for an entry for every option of a run. */
export const RUN_OPTIONS = {
  ...HISTORY_OPTIONS,
  ...DELIVERY_OPTIONS,
  ...WORLD_OPTIONS,
} satisfies Required<RunFlagTable>;

/** Where nothing is given; some follow from others then. */
export const DEFAULTS = readValues(RUN_OPTIONS, new Map(), '');

/** The options of a run, among other values; what isn't given follows from others. */
export function resolveRun(among: OptionValues<typeof RUN_OPTIONS>, seed: string): RunOptions {
  const keys = Object.keys(RUN_OPTIONS) as (keyof typeof RUN_OPTIONS)[];
  // Its keys are those of the table.
  const own = Object.fromEntries(keys.map((key) => [key, among[key]])) as typeof among;
  const { entity, fault, faults, ...values } = own;
  const { duplicate, delay } = values.shuffle === false ? { duplicate: 0, delay: 0 } : SHUFFLED;
  // Those of another workload are known when it is loaded.
  const known: Entities = values.workload === undefined ? entities(values.count) : {};
  return {
    ...values,
    seed,
    entities: { ...known, ...entity },
    duplicate: values.duplicate ?? duplicate,
    delay: values.delay ?? delay,
    faults: fault ?? {},
    faultProfile: faults,
    prefix: values.prefix ?? hash32(seed).toString(36),
  };
}

/** The entities that are given, by `--entity` or by flags of their own. Throws a `SimulatorError`. */
export function entitiesOf(
  values: { readonly entity: Entities | undefined } & OptionValues<typeof ENTITY_OPTIONS>,
  { place }: Pick<Words, 'place'>,
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

/** What the options are where only these three are given. */
export function defaultOptions({
  seed,
  count,
  shuffle,
}: Pick<RunOptions, 'seed' | 'count' | 'shuffle'>): RunOptions {
  return resolveRun({ ...DEFAULTS, count, shuffle }, seed);
}

/** Throws a `SimulatorError` unless a world can do what is asked of it. */
export function checkWorld(options: RunOptions, { place }: Pick<Words, 'place'>): void {
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
