/**
 * The configuration file: flags that would otherwise be typed each time. Its entries become words in front of
 * the command line's own, so that each value is read, and each mistake answered, as if it had been typed.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { SimulatorError } from '../simulator/model/errors.ts';
import type { RunOptions } from '../simulator/model/run-options.ts';
import type { Entities } from '../simulator/model/workload.ts';
import type { GameEntity } from '../simulator/workload/winner/entities.ts';
import { suggestion } from './suggest.ts';

/** What `simulate.config.ts` exports by default: flags in camel case, `faults` being the profile. */
export type SimulateConfig = Partial<
  Omit<RunOptions, 'faults' | 'faultProfile' | 'workload' | 'handler' | 'entities'>
> & { readonly [Entity in GameEntity]?: number } & {
  /** By name: `{ accounts: 40 }`. */
  readonly entity?: Entities;
  /** Paths start from the file's folder. */
  readonly workload?: string;
  readonly handler?: string;
  /** The parent of what runs leave behind; false: nothing is. */
  readonly out?: string | false;
  /** `none`, `light`, `heavy`, or a JSON file. */
  readonly faults?: string;
  /** One by one: `{ throttled: 0.05 }`. */
  readonly fault?: Readonly<Record<string, number>>;
};

export interface Config {
  readonly file: string;
  /** By the flags' names. */
  readonly values: Readonly<Record<string, unknown>>;
}

const NAMES = [
  'simulate.config.ts',
  'simulate.config.mts',
  'simulate.config.mjs',
  'simulate.config.js',
  'simulate.config.json',
];
/** Flags whose values are files. */
const FILES = ['workload', 'handler', 'out'];

/** The one in this folder, if there is one. Rejects with a `SimulatorError` in one line. */
export async function findConfig(folder: string): Promise<Config | undefined> {
  const file = NAMES.map((name) => path.join(folder, name)).find((each) => existsSync(each));
  if (file === undefined) return undefined;
  let exported: unknown;
  try {
    exported = file.endsWith('.json')
      ? JSON.parse(readFileSync(file, 'utf8'))
      : (await import(pathToFileURL(file).href)).default;
  } catch (error) {
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw wrong(file, `can't be loaded: ${message.replace(/\s*\n\s*/g, ' ')}`);
  }
  if (typeof exported !== 'object' || exported === null || Array.isArray(exported)) {
    throw wrong(file, 'must export an object by default, such as { shuffle: true, count: 10000 }');
  }
  const entries = Object.entries(exported).map(([key, value]) => {
    const name = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const isFile = FILES.includes(name) && typeof value === 'string';
    return [name, isFile ? path.resolve(path.dirname(file), value) : value];
  });
  return { file, values: Object.fromEntries(entries) };
}

/**
 * The words that a configuration stands for, without the flags that the command line has itself. `taken`: the
 * flags of this command; `known`: those of any, which are passed over. Throws a `SimulatorError`.
 */
export function wordsOf(
  { file, values }: Config,
  argv: readonly string[],
  taken: readonly string[],
  known: readonly string[],
): string[] {
  const typed = new Set(argv.map((word) => /^--?(?:no-)?([^=]*)/.exec(word)?.[1]));
  return Object.entries(values).flatMap(([name, value]) => {
    if (!known.includes(name)) {
      const nearest = suggestion(name, known);
      throw wrong(
        file,
        `there is no option ${JSON.stringify(name)}${nearest === undefined ? '; see --help' : `; did you mean ${nearest}?`}`,
      );
    }
    if (value === undefined || typed.has(name) || !taken.includes(name)) return [];
    if (typeof value === 'boolean') return [value ? `--${name}` : `--no-${name}`];
    if (typeof value === 'object' && value !== null && ['fault', 'entity'].includes(name)) {
      return Object.entries(value).map(([each, number]) => `--${name}=${each}=${String(number)}`);
    }
    return [`--${name}=${String(value)}`];
  });
}

function wrong(file: string, what: string): SimulatorError {
  return new SimulatorError('usage', `${file}: ${what}`);
}
