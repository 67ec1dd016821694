/**
 * The configuration file: options that would otherwise be typed each time. Its own entries are those of a run, and
 * of other commands as far as they mean the same there; an entry named for a command holds the options of that one.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { SimulatorError } from '../simulator/model/errors.ts';
import type { Command, Program } from './command.ts';
import {
  type Configuration,
  flagOf,
  type Option,
  refused,
  type Written,
} from './options/option.ts';
import type { WrittenValue, WrittenValues } from './options/read-values.ts';
import type { COMMANDS } from './simulate.ts';
import { suggestion } from './suggest.ts';

/** What a configuration file exports by default. Relative paths start from its folder. */
export type SimulateConfig = OptionsOf<'run'> & {
  readonly [Name in Exclude<keyof typeof COMMANDS, 'run'>]?: OptionsOf<Name>;
};
type OptionsOf<Name extends keyof typeof COMMANDS> = Configuration<
  (typeof COMMANDS)[Name]['options']
>;

export interface Config {
  readonly file: string;
  /** As it was exported. */
  readonly entries: Readonly<Record<string, unknown>>;
}

const NAMES = ['ts', 'mts', 'mjs', 'js', 'json'].map((extension) => `simulate.config.${extension}`);

/** The one in this folder, if there is one. Rejects with a `SimulatorError` in one line. */
export async function findConfig(folder: string): Promise<Config | undefined> {
  const files = NAMES.map((name) => path.join(folder, name)).filter((each) => existsSync(each));
  const [file, other] = files;
  if (file === undefined) return undefined;
  if (other !== undefined) {
    throw wrong(file, `${path.basename(other)} is a configuration file, too: keep one of them`);
  }
  let exported: unknown;
  try {
    exported = file.endsWith('.json')
      ? JSON.parse(readFileSync(file, 'utf8'))
      : (await import(pathToFileURL(file).href)).default;
  } catch (error) {
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw wrong(file, `can't be loaded: ${message.replace(/\s*\n\s*/g, ' ')}`);
  }
  if (!isObject(exported)) {
    throw wrong(file, 'must export an object by default, such as { shuffle: true, count: 10000 }');
  }
  return { file, entries: exported };
}

/**
 * A configuration's values for a command, the command's own before those that it shares with a run. Checks the
 * names of all entries. Throws a `SimulatorError`.
 */
export function configLayers(
  { file, entries }: Config,
  { commands }: Program,
  command: Command,
): readonly WrittenValues[] {
  const run = optionsOf(commands.find(({ name }) => name === undefined));
  const sections = new Map(
    commands.flatMap((each) => (each.name === undefined ? [] : [[each.name, each] as const])),
  );
  const shared = new Map<string, WrittenValue>();
  const own = new Map<string, WrittenValue>();
  for (const [key, entry] of Object.entries(entries)) {
    const section = sections.get(key);
    if (section === undefined) {
      const flag = flagOf(key);
      if (!run.has(flag)) throw unknown(file, key, [...run.keys(), ...sections.keys()]);
      const isWanted = command.name === undefined || optionsOf(command).get(flag)?.isShared;
      if (isWanted) add(shared, file, flag, entry);
      continue;
    }
    if (!isObject(entry))
      throw wrong(file, `${key} must be an object with options of simulate ${key}`);
    const options = optionsOf(section);
    for (const [name, value] of Object.entries(entry)) {
      const flag = flagOf(name);
      if (!options.has(flag)) throw unknown(file, name, [...options.keys()], `${key} has`);
      if (section === command) add(own, file, flag, value);
    }
  }
  return [own, shared];
}

function optionsOf(command: Command | undefined): ReadonlyMap<string, Option<unknown>> {
  const entries = Object.entries(command?.options ?? {});
  return new Map(entries.map(([key, option]) => [flagOf(key), option]));
}

function add(layer: Map<string, WrittenValue>, file: string, flag: string, entry: unknown): void {
  if (entry === undefined) return;
  const place = { flag, configFile: file, folder: path.dirname(file) };
  layer.set(flag, { written: [entry].flat().flatMap(written), place });

  /** As it would be written on the command line. */
  function written(value: unknown): Written | readonly Written[] {
    if (typeof value === 'boolean' || typeof value === 'string') return value;
    if (typeof value === 'number') return String(value);
    if (isObject(value))
      return Object.entries(value).map(([name, each]) => `${name}=${String(each)}`);
    throw refused(place, `--${flag} can't be ${JSON.stringify(value)}`);
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unknown(
  file: string,
  name: string,
  flags: readonly string[],
  whose = 'there is',
): SimulatorError {
  const nearest = suggestion(flagOf(name), flags);
  const hint = nearest === undefined ? '; see --help' : `; did you mean ${camelCase(nearest)}?`;
  return wrong(file, `${whose} no option ${JSON.stringify(name)}${hint}`);
}

function camelCase(flag: string): string {
  return flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function wrong(file: string, what: string): SimulatorError {
  return new SimulatorError('usage', `${file}: ${what}`);
}
