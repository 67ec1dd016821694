/** From what is written on the command line and in the configuration file to the values of a table. */
import {
  flagOf,
  type Option,
  type OptionTable,
  type OptionValues,
  type Place,
  refused,
  type Written,
} from './option.ts';

/** By flag. */
export type WrittenValues = ReadonlyMap<string, WrittenValue>;

export interface WrittenValue {
  /** More than one where a flag is repeated. */
  readonly written: readonly Written[];
  readonly place: Place;
}

/** Throws a `SimulatorError` that names the option and its place. `folder`: where relative defaults start. */
export function readValues<Table extends OptionTable>(
  table: Table,
  values: WrittenValues,
  folder: string,
): OptionValues<Table> {
  const read = Object.entries(table).map(([key, option]) => {
    return [key, readValue(option, flagOf(key), values, folder)];
  });
  // Each was read by its option, to a value of its type.
  return Object.fromEntries(read) as OptionValues<Table>;
}

function readValue(
  { read, join, fallback }: Option<unknown>,
  flag: string,
  values: WrittenValues,
  folder: string,
): unknown {
  const byDefault = {
    written: fallback === undefined ? [] : [fallback],
    place: { flag, folder, configFile: undefined },
  };
  const { written, place } = values.get(flag) ?? byDefault;
  if (written.length === 0) return undefined;
  if (written.length > 1 && join === undefined) {
    throw refused(place, `--${flag} was given twice; once is enough`);
  }
  return written
    .map((each) => read(each, place))
    .reduce((all, each) => join?.(all, each, place) ?? each);
}

export interface Combined {
  readonly values: WrittenValues;
  /** Flags of the configuration file that have no effect in the chosen world, and are left out. */
  readonly ignored: readonly string[];
}

/**
 * Several layers into one: an entry gives way to an earlier layer that has its flag, or a flag that it can't be
 * combined with. Throws a `SimulatorError` for flags of the command line that contradict each other or have no effect.
 */
export function combine(
  table: OptionTable,
  layers: readonly WrittenValues[],
  folder: string,
): Combined {
  const options = new Map(Object.entries(table).map(([key, option]) => [flagOf(key), option]));
  const values = new Map<string, WrittenValue>();
  for (const layer of layers) {
    const earlier = new Map(values);
    for (const [flag, value] of layer) {
      const isTaken = earlier.has(flag) || conflict(flag, value, earlier, options) !== undefined;
      if (!isTaken) values.set(flag, value);
    }
  }
  const ignored: string[] = [];
  for (const [flag, value] of values) {
    const { place } = value;
    const { needs, worlds } = options.get(flag) ?? {};
    const other = conflict(flag, value, values, options);
    if (other !== undefined) {
      throw refused(place, `--${flag} and --${other} exclude each other: give one of them`);
    }
    if (needs !== undefined && isOn(value) && !isOn(values.get(needs))) {
      throw refused(place, `--${flag} needs --${needs}: add --${needs}`);
    }
    const worldOption = options.get('world');
    if (worlds === undefined || worldOption === undefined) continue;
    const world = readValue(worldOption, 'world', values, folder);
    if (worlds.some((each) => each === world)) continue;
    if (place.configFile === undefined) {
      const instead = worlds.map((each) => `--world ${each}`).join(' or ');
      const text = `--${flag} has no effect with --world ${world}: leave it out, or use ${instead}`;
      throw refused(place, text);
    }
    ignored.push(flag);
  }
  for (const flag of ignored) values.delete(flag);
  return { values, ignored };
}

/** A flag among the values that this one can't be combined with. */
function conflict(
  flag: string,
  value: WrittenValue,
  values: WrittenValues,
  options: ReadonlyMap<string, Option<unknown>>,
): string | undefined {
  if (!isOn(value)) return undefined;
  const excludes = (one: string, other: string): boolean =>
    options.get(one)?.excludes?.includes(other) ?? false;
  const [other] =
    [...values].find(
      ([each, written]) => isOn(written) && (excludes(flag, each) || excludes(each, flag)),
    ) ?? [];
  return other;
}

function isOn(value: WrittenValue | undefined): boolean {
  const last = value?.written.at(-1);
  return last !== undefined && last !== false && last !== 'false';
}
