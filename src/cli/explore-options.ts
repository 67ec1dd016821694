/** `simulate explore`: its flags, and from given words to what is wanted. */

import { SimulatorError } from '../simulator/model/errors.ts';
import type { FaultProfile } from '../simulator/model/fault-profiles.ts';
import { fixed, unset } from './flag.ts';
import { FLAGS as RUN_FLAGS } from './flags.ts';
import type { Given, Subcommand } from './subcommand.ts';
import { describeFlags, SEARCH_FLAGS, takeFlags, toggle } from './subcommand-flags.ts';
import { duration, requireHandler, type Words } from './take.ts';
import { text, whole } from './values.ts';

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

const TIME_DEFAULT = '60s';

const FLAGS = {
  runs: {
    describe: 'Runs to make, at most',
    read: whole(1, 1_000_000_000, 100_000),
    ...unset('no limit'),
  },
  time: {
    describe: 'How long to go on, such as 60s, 10m, 1h',
    read: duration,
    ...unset(`${TIME_DEFAULT} unless --runs is given`),
  },
  jobs: SEARCH_FLAGS.jobs,
  seed: {
    describe: 'Any text; each run has its own, made of it and of its number',
    read: text,
    ...unset('drawn and printed'),
  },
  faults: {
    describe: 'What runs draw from: none, light, heavy, or a JSON FILE of {"NAME": RATIO}',
    read: RUN_FLAGS.faultProfile.read,
    ...fixed('heavy'),
  },
  'keep-going': toggle('Go on after a failure; the first is reduced all the same'),
  workload: {
    ...RUN_FLAGS.workload,
    describe: 'FILE[#EXPORT]: another view than the winner game; takes --handler',
  },
  handler: {
    ...RUN_FLAGS.handler,
    describe: 'FILE[#EXPORT]: another handler than the shipped one',
  },
  invariants: toggle('Hold a --handler to the invariants while it runs'),
  exhaustive: toggle('Every schedule of a small named history instead of drawn ones'),
  count: {
    describe: 'Events of the exhaustive search (2 to 4)',
    read: whole(2, 4, 3),
    ...fixed('3'),
  },
  mutant: {
    describe: 'Its handler with a planted bug, by the name that `mutants` has for it: is it found?',
    read: text,
    ...unset(),
  },
  out: SEARCH_FLAGS.out,
};

export const explore: Subcommand = {
  usage: 'explore',
  describe: 'Search for a run that fails',
  configurable: ['workload', 'handler', 'invariants', 'faults', 'seed'],
  flags: (parser) =>
    describeFlags(parser, FLAGS)
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
        (await import('../simulator/mutation/plant.ts')).plantByName(options.mutant);
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
  const { time, 'keep-going': keepGoing, ...taken } = takeFlags(FLAGS, given, words);
  const { runs, exhaustive } = taken;
  const idle = (exhaustive ? NOT_EXHAUSTIVE : ONLY_EXHAUSTIVE).find(
    (flag) => given[flag] !== undefined,
  );
  if (idle !== undefined) {
    const whose = exhaustive ? 'of drawn runs: leave it out with' : 'of';
    throw new SimulatorError('usage', `--${idle} is ${whose} --exhaustive`);
  }
  const timeDefaultMs = duration('time', TIME_DEFAULT, words.cwd);
  const options = {
    ...taken,
    runs: runs ?? Number.POSITIVE_INFINITY,
    timeMs: time ?? (runs === undefined ? timeDefaultMs : Number.POSITIVE_INFINITY),
    seed: taken.seed ?? words.drawSeed(),
    keepGoing,
  };
  requireHandler(options);
  return options;
}
