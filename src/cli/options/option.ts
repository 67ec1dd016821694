/**
 * An option: how the help describes it, how its value is read, and when it has an effect. A command has one table
 * of them, from which parsing, help, the checks of a configuration file and the reference are made.
 */
import { type OptionPlace, SimulatorError } from '../../simulator/model/errors.ts';
import type { RunOptions } from '../../simulator/model/run-options.ts';

export type World = RunOptions['world'];

/** The text after a flag; `true` for a flag without one, `false` for `--no-FLAG`. */
export type Written = string | boolean;

/** A written value's place, and the folder from which its relative paths start. */
export interface Place extends OptionPlace {
  readonly folder: string;
}

/** Throws a `SimulatorError` of one line. */
export type Reader<Value> = (written: Written, place: Place) => Value;

export interface Option<Value> {
  readonly describe: string;
  readonly read: Reader<Value>;
  /** Read where nothing is written; undefined: the value is undefined, or follows from others. */
  readonly fallback: Written | undefined;
  /** The default as the help shows it. */
  readonly byDefault: string;
  /** Its heading in the help. */
  readonly group?: string;
  /** The worlds in which it has an effect; undefined: all. */
  readonly worlds?: readonly World[];
  /** A flag that it has no effect without. */
  readonly needs?: string;
  /** Flags that can't be combined with it. */
  readonly excludes?: readonly string[];
  /** It means the same in a run: an entry of the configuration file for runs sets it, too. */
  readonly isShared?: true;
  /** Of a flag that may be repeated: the values so far, and one more. */
  join?(values: Value, value: Value, place: Place): Value;
}

/** By key: the flag in camel case, as a configuration file has it. */
export type OptionTable = Readonly<Record<string, Option<unknown>>>;

/** The options of a run as flags. */
export interface RunFlags extends Omit<RunOptions, 'entities' | 'faults' | 'faultProfile'> {
  readonly entity: RunOptions['entities'];
  readonly fault: RunOptions['faults'];
  readonly faults: RunOptions['faultProfile'];
}

export type RunFlagTable = { readonly [Key in keyof RunFlags]?: Option<RunFlags[Key]> };

/** Of options that have no effect on a deployed stack, whose stream, delivery, faults and handler are its own. */
export const SIMULATED = { worlds: ['local', 'memory'] } as const;

/** A table's values, as a command gets them. */
export type OptionValues<Table extends OptionTable> = {
  readonly [Key in keyof Table]:
    | ReturnType<Table[Key]['read']>
    | (Table[Key]['fallback'] extends Written ? never : undefined);
};

/** A table's entries in a configuration file. */
export type Configuration<Table extends OptionTable> = {
  readonly [Key in keyof Table]?: Configured<ReturnType<Table[Key]['read']>>;
};
type Configured<Value> = Value extends boolean | string
  ? Value
  : Value extends number
    ? number | string
    : Value extends undefined
      ? false
      : string | Readonly<Record<string, number | string>> | readonly string[];

/** A default that is a value. */
export function fixed(value: Written | number) {
  const fallback = typeof value === 'number' ? String(value) : value;
  const byDefault = typeof fallback === 'string' ? fallback : fallback ? 'on' : 'off';
  return { fallback, byDefault };
}

/** No value by default, or one that follows from other options. */
export function unset(byDefault = 'none') {
  return { fallback: undefined, byDefault };
}

export function flagOf(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** A usage error about an option: it begins with the configuration file that sets it, if one does. */
export function refused({ flag, configFile }: OptionPlace, text: string): SimulatorError {
  const from = configFile === undefined ? '' : `${configFile}: `;
  return new SimulatorError('usage', `${from}${text}`, { option: { flag, configFile } });
}
