/** `simulate mutants`: its flags. */
import { fixed, unset } from './flag.ts';
import type { Given, Subcommand } from './subcommand.ts';
import { describeFlags, SEARCH_FLAGS, takeFlags, toggle } from './subcommand-flags.ts';
import { duration, type Words } from './take.ts';
import { text } from './values.ts';

export interface MutantsOptions {
  /** One mutant's name; undefined: all. */
  readonly only: string | undefined;
  readonly timeMs: number;
  readonly jobs: number;
  readonly seed: string;
  readonly json: boolean;
  /** The parent of the folder that is left behind, absolute; undefined: none is. */
  readonly out: string | undefined;
}

const FLAGS = {
  only: { describe: 'One mutant, by its name', read: text, ...unset('all') },
  time: { describe: 'How long each may live, such as 10s', read: duration, ...fixed('10s') },
  jobs: SEARCH_FLAGS.jobs,
  seed: {
    describe: 'Any text; the same scenarios are tried for the same seed',
    read: text,
    ...fixed('mutants'),
  },
  json: toggle('The matrix as one JSON document, nothing else on stdout'),
  out: SEARCH_FLAGS.out,
};

export const mutants: Subcommand = {
  usage: 'mutants',
  describe: 'Plant bugs, and see each caught',
  flags: (parser) =>
    describeFlags(parser, FLAGS)
      .usage(
        '$0 mutants [flags]\n\nPlants bugs in the shipped handler, each in a process of its own, and searches ' +
          'until a check catches it. The handler without a bug is searched as well, and must not be caught.',
      )
      .example([
        ['$0 mutants', 'all'],
        ['$0 mutants --only first-arrival-wins', 'one; see the first column for the names'],
      ])
      .epilogue('Exit status: 0 all caught, 2 one survived, 64 wrong usage, 70 a bug of ours.'),
  read(given, words) {
    const options = read(given, words);
    return async (context) => (await import('./mutants.ts')).mutantsCommand(options, context);
  },
};

function read(given: Given, words: Words): MutantsOptions {
  const { time: timeMs, ...options } = takeFlags(FLAGS, given, words);
  return { timeMs, ...options };
}
