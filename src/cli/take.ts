/** From what yargs found for a subcommand to values, each mistake answered in one line. */
import type { Argv } from 'yargs';
import { SimulatorError } from '../simulator/model/errors.ts';
import type { Given } from './subcommand.ts';
import { suggestion } from './suggest.ts';
import { quoted, type Reader } from './values.ts';

/** There is no shipped handler for somebody else's view. */
export function requireHandler(options: {
  readonly workload: string | undefined;
  readonly handler: string | undefined;
}): void {
  if (options.workload === undefined || options.handler !== undefined) return;
  throw new SimulatorError(
    'usage',
    '--workload takes the handler that keeps its tables: add --handler FILE',
  );
}

/** What a command line is read with. */
export interface Words {
  /** What relative paths start from. */
  readonly cwd: string;
  /** A seed for whoever was given none. */
  drawSeed(): string;
}

export function described(
  parser: Argv,
  flags: Readonly<Record<string, readonly [string, string]>>,
): Argv {
  for (const [name, [describe, defaultDescription]] of Object.entries(flags)) {
    parser.option(name, { describe, defaultDescription });
  }
  return parser;
}

export function taker(given: Given, folder: string) {
  return <Value, Fallback>(
    flag: string,
    read: Reader<Value>,
    fallback: Fallback,
  ): Value | Fallback => {
    const value = given[flag];
    if (value === undefined) return fallback;
    if (typeof value !== 'string' && typeof value !== 'boolean') {
      throw new SimulatorError('usage', `--${flag} was given twice; once is enough`);
    }
    return read(flag, value, folder);
  };
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

export const duration: Reader<number> = (flag, given) => {
  const [, number, unit] =
    typeof given === 'string' ? (/^(\d+)(ms|s|m|h)?$/.exec(given) ?? []) : [];
  const ms = Number(number) * (UNITS[unit ?? 's'] ?? 0);
  if (!(ms > 0)) {
    throw new SimulatorError('usage', `--${flag} takes a time, such as --${flag} 60s or 10m`);
  }
  return ms;
};

export function refuse(given: Given, known: readonly string[], words: number): void {
  const names = [...known, 'help', 'version'];
  for (const name of Object.keys(given)) {
    if (name === '_' || name === '$0' || names.includes(name)) continue;
    const nearest = suggestion(name.replace(/^no-/, ''), names);
    const hint = nearest === undefined ? 'see --help' : `did you mean --${nearest}?`;
    throw new SimulatorError('usage', `unknown flag --${quoted(name).slice(1, -1)}; ${hint}`);
  }
  const extra = Array.isArray(given['_']) ? given['_'].slice(words).map(String)[0] : undefined;
  if (extra !== undefined) throw new SimulatorError('usage', `unknown argument ${quoted(extra)}`);
}
