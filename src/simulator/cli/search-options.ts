/** `simulate explore` and `simulate replay`: their flags, and from given words to what is wanted. */
import type { Argv } from 'yargs';
import { SimulatorError } from '../errors.ts';
import type { FaultProfile } from '../faults/profiles.ts';
import { suggestion } from './suggest.ts';
import { faultProfile, type Given, handlerFile, onOff, quoted, text, whole } from './values.ts';

export interface ExploreOptions {
  readonly runs: number;
  readonly timeMs: number;
  readonly jobs: number;
  readonly seed: string;
  readonly faults: FaultProfile;
  readonly keepGoing: boolean;
  readonly handler: string | undefined;
  readonly invariants: boolean;
  readonly exhaustive: boolean;
  /** Of the exhaustive search's history. */
  readonly count: number;
  /** Absolute. */
  readonly out: string;
}

export interface ReplayOptions {
  /** As it was given. */
  readonly file: string;
  readonly trace: boolean;
  readonly world: 'memory' | 'local';
  /** The bug that is in the handler, by its name. */
  readonly mutant: string | undefined;
}

interface Words {
  readonly cwd: string;
  drawSeed(): string;
}

type Reader<Value> = (flag: string, given: Given, folder: string) => Value;

const RUNS_MAX = 1_000_000_000;
const JOBS_MAX = 64;
const TIME_DEFAULT_MS = 60_000;

const EXPLORE = {
  runs: ['Runs to make, at most', 'no limit'],
  time: ['How long to go on, such as 60s, 10m, 1h', '60s unless --runs is given'],
  jobs: ['Threads', '2'],
  seed: ['Any text; each run has its own, made of it and of its number', 'drawn and printed'],
  faults: ['What runs draw from: none, light, heavy, or a JSON FILE of {"NAME": RATIO}', 'heavy'],
  'keep-going': ['Go on after a failure; the first is reduced all the same', 'off'],
  handler: ['FILE[#EXPORT]: another handler than the shipped one', 'the shipped one'],
  invariants: ['Hold a --handler to the invariants while it runs', 'off'],
  exhaustive: ['Every schedule of a small named history instead of drawn ones', 'off'],
  count: ['Events of the exhaustive search (2 to 4)', '3'],
  out: ['Folder for counterexamples', 'runs'],
} as const;

/** It is of the shipped handler, and leaves nothing to chance. */
const NOT_EXHAUSTIVE = Object.keys(EXPLORE).filter(
  (flag) => flag !== 'exhaustive' && flag !== 'count',
);

const REPLAY = {
  trace: ['Each request, and what it stored, as well', 'off'],
  world: ['memory, or local: its pushes and batches against real servers', 'memory'],
  mutant: ['The handler with a planted bug, by the name that `mutants` has for it', 'none'],
} as const;

export function describeExplore(parser: Argv): Argv {
  return described(parser, EXPLORE)
    .usage(
      '$0 explore [flags]\n\nRuns the deterministic world again and again, each run with a configuration of ' +
        'its own, until one fails; that one is reduced and saved.',
    )
    .example([
      ['$0 explore', 'for a minute, with all faults'],
      ['$0 explore --runs 100000 --jobs 2 --seed S', 'the same 100,000 runs each time'],
      ['$0 explore --faults none', 'disorder and copies alone'],
      ['$0 explore --handler my-handler.ts#handle --time 10m', 'your own handler'],
      ['$0 explore --exhaustive --count 3', 'all schedules of three events'],
    ])
    .epilogue(
      'Exit status: 0 all converged and everything was reached, 2 a run diverged, 3 unknown, ' +
        '64 wrong usage, 70 a bug of ours, 130 Ctrl-C.',
    );
}

export function describeReplay(parser: Argv): Argv {
  return described(parser, REPLAY)
    .positional('file', { describe: 'A counterexample that `explore` saved', type: 'string' })
    .usage('$0 replay FILE [flags]\n\nRepeats the run of a counterexample, step by step.')
    .example([
      ['$0 replay runs/counterexamples/S-17.json', 'does it still fail?'],
      ['$0 replay runs/counterexamples/S-17.json --trace', 'why?'],
    ])
    .epilogue('Exit status: 2 it still fails, 0 it does not, 3 unknown, 64 wrong usage.');
}

type Given_ = Readonly<Record<string, unknown>>;

export function readExplore(given: Given_, words: Words, resolve: Resolve): ExploreOptions {
  refuse(given, Object.keys(EXPLORE), 1);
  const exhaustive = taker(given, words.cwd)('exhaustive', onOff, false);
  const idle = (exhaustive ? NOT_EXHAUSTIVE : ['count']).find((flag) => given[flag] !== undefined);
  if (idle !== undefined) {
    const whose = exhaustive ? 'of drawn runs: leave it out with' : 'of';
    throw new SimulatorError('usage', `--${idle} is ${whose} --exhaustive`);
  }
  const take = taker(given, words.cwd);
  const runs = take('runs', whole(1, RUNS_MAX, 100_000), undefined);
  return {
    runs: runs ?? Number.POSITIVE_INFINITY,
    timeMs: take('time', duration, runs === undefined ? TIME_DEFAULT_MS : Number.POSITIVE_INFINITY),
    jobs: take('jobs', whole(1, JOBS_MAX, 2), 2),
    seed: take('seed', text, undefined) ?? words.drawSeed(),
    faults: take('faults', faultProfile, undefined) ?? faultProfile('faults', 'heavy', words.cwd),
    keepGoing: take('keep-going', onOff, false),
    handler: take('handler', handlerFile, undefined),
    invariants: take('invariants', onOff, false),
    exhaustive,
    count: take('count', whole(2, 4, 3), 3),
    out: resolve(words.cwd, take('out', text, 'runs')),
  };
}

export function readReplay(given: Given_, words: Words, resolve: Resolve): ReplayOptions {
  refuse(given, [...Object.keys(REPLAY), 'file'], 1);
  const take = taker(given, words.cwd);
  const world = take('world', text, 'memory');
  if (world !== 'memory' && world !== 'local') {
    throw new SimulatorError('usage', `--world takes memory or local; got ${quoted(world)}`);
  }
  return {
    file: resolve(words.cwd, String(given['file'] ?? '')),
    trace: take('trace', onOff, false),
    mutant: take('mutant', text, undefined),
    world,
  };
}

/** From a folder and a path to an absolute path. */
type Resolve = (folder: string, path: string) => string;

export function described(
  parser: Argv,
  flags: Readonly<Record<string, readonly [string, string]>>,
): Argv {
  for (const [name, [describe, defaultDescription]] of Object.entries(flags)) {
    parser.option(name, { describe, defaultDescription });
  }
  return parser;
}

export function taker(given: Given_, folder: string) {
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

export function refuse(given: Given_, known: readonly string[], words: number): void {
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
