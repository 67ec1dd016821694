/** `simulate mutants`: its flags. */
import type { Given, Subcommand } from './subcommand.ts';
import { described, duration, refuse, taker, type Words } from './take.ts';
import { folder, onOff, text, whole } from './values.ts';

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
  only: ['One mutant, by its name', 'all'],
  time: ['How long each may live, such as 10s', '10s'],
  jobs: ['Processes at a time', '2'],
  seed: ['Any text; the same scenarios are tried for the same seed', 'mutants'],
  json: ['The matrix as one JSON document, nothing else on stdout', 'off'],
  out: ['Folder in which a folder is left with what was found; --no-out for none', 'runs'],
} as const;

export const mutants: Subcommand = {
  usage: 'mutants',
  describe: 'Plant bugs, and see each caught',
  flags: (parser) =>
    described(parser, FLAGS)
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

function read(given: Given, { cwd }: Words): MutantsOptions {
  refuse(given, Object.keys(FLAGS), 1);
  const take = taker(given, cwd);
  return {
    only: take('only', text, undefined),
    timeMs: take('time', duration, 10_000),
    jobs: take('jobs', whole(1, 64, 2), 2),
    seed: take('seed', text, 'mutants'),
    json: take('json', onOff, false),
    out: take('out', folder, folder('out', 'runs', cwd)),
  };
}
