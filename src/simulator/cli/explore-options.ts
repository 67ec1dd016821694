/** `simulate explore`: its flags, and from given words to what is wanted. */
import { SimulatorError } from '../errors.ts';
import type { FaultProfile } from '../faults/profiles.ts';
import type { Given, Subcommand } from './subcommand.ts';
import { described, duration, refuse, requireHandler, taker, type Words } from './take.ts';
import { faultProfile, folder, moduleReference, onOff, text, whole } from './values.ts';

export interface ExploreOptions {
  readonly runs: number;
  readonly timeMs: number;
  readonly jobs: number;
  readonly seed: string;
  readonly faults: FaultProfile;
  readonly keepGoing: boolean;
  readonly workload: string | undefined;
  readonly handler: string | undefined;
  readonly invariants: boolean;
  readonly exhaustive: boolean;
  /** Of the exhaustive search's history. */
  readonly count: number;
  /** The bug that is planted in its handler, by its name; undefined: none. */
  readonly mutant: string | undefined;
  /** The parent of the folder that is left behind, absolute; undefined: none is. */
  readonly out: string | undefined;
}

const RUNS_MAX = 1_000_000_000;
const JOBS_MAX = 64;
const TIME_DEFAULT_MS = 60_000;

const FLAGS = {
  runs: ['Runs to make, at most', 'no limit'],
  time: ['How long to go on, such as 60s, 10m, 1h', '60s unless --runs is given'],
  jobs: ['Processes at once', '2'],
  seed: ['Any text; each run has its own, made of it and of its number', 'drawn and printed'],
  faults: ['What runs draw from: none, light, heavy, or a JSON FILE of {"NAME": RATIO}', 'heavy'],
  'keep-going': ['Go on after a failure; the first is reduced all the same', 'off'],
  workload: [
    'FILE[#EXPORT]: another view than the winner game; takes --handler',
    'the winner game',
  ],
  handler: ['FILE[#EXPORT]: another handler than the shipped one', 'the shipped one'],
  invariants: ['Hold a --handler to the invariants while it runs', 'off'],
  exhaustive: ['Every schedule of a small named history instead of drawn ones', 'off'],
  count: ['Events of the exhaustive search (2 to 4)', '3'],
  mutant: [
    'Its handler with a planted bug, by the name that `mutants` has for it: is it found?',
    'none',
  ],
  out: ['Folder in which a folder is left with what was found; --no-out for none', 'runs'],
} as const;

export const explore: Subcommand = {
  usage: 'explore',
  describe: 'Search for a run that fails',
  configurable: ['workload', 'handler', 'invariants', 'faults', 'seed'],
  flags: (parser) =>
    described(parser, FLAGS)
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
        ['$0 explore --exhaustive --mutant first-arrival-wins', 'as a control: it is found'],
      ])
      .epilogue(
        'Exit status: 0 all converged and everything was reached, 2 a run diverged, 3 unknown, ' +
          '64 wrong usage, 70 a bug of ours, 130 Ctrl-C.',
      ),
  read(given, words) {
    const options = read(given, words);
    return async (context) => {
      // Before anything loads the handler.
      if (options.mutant !== undefined) {
        (await import('../mutants/plant.ts')).plantByName(options.mutant);
      }
      return (await import('./explore.ts')).exploreCommand(options, context);
    };
  },
};

/** It is of the shipped handler, and leaves nothing to chance. */
const ONLY_EXHAUSTIVE = ['count', 'mutant'];
const NOT_EXHAUSTIVE = Object.keys(FLAGS).filter(
  (flag) => !['exhaustive', 'out', ...ONLY_EXHAUSTIVE].includes(flag),
);

function read(given: Given, words: Words): ExploreOptions {
  refuse(given, Object.keys(FLAGS), 1);
  const take = taker(given, words.cwd);
  const exhaustive = take('exhaustive', onOff, false);
  const idle = (exhaustive ? NOT_EXHAUSTIVE : ONLY_EXHAUSTIVE).find(
    (flag) => given[flag] !== undefined,
  );
  if (idle !== undefined) {
    const whose = exhaustive ? 'of drawn runs: leave it out with' : 'of';
    throw new SimulatorError('usage', `--${idle} is ${whose} --exhaustive`);
  }
  const runs = take('runs', whole(1, RUNS_MAX, 100_000), undefined);
  const options = {
    runs: runs ?? Number.POSITIVE_INFINITY,
    timeMs: take('time', duration, runs === undefined ? TIME_DEFAULT_MS : Number.POSITIVE_INFINITY),
    jobs: take('jobs', whole(1, JOBS_MAX, 2), 2),
    seed: take('seed', text, undefined) ?? words.drawSeed(),
    faults: take('faults', faultProfile, undefined) ?? faultProfile('faults', 'heavy', words.cwd),
    keepGoing: take('keep-going', onOff, false),
    workload: take('workload', moduleReference('a workload', 'workload.ts'), undefined),
    handler: take('handler', moduleReference('a handler', 'my-handler.ts'), undefined),
    invariants: take('invariants', onOff, false),
    exhaustive,
    count: take('count', whole(2, 4, 3), 3),
    mutant: take('mutant', text, undefined),
    out: take('out', folder, folder('out', 'runs', words.cwd)),
  };
  requireHandler(options);
  return options;
}
