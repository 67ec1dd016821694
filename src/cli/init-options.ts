/** `simulate init`: its argument. */
import path from 'node:path';
import type { Subcommand } from './subcommand.ts';
import { refuse } from './take.ts';

export const init: Subcommand = {
  usage: 'init [folder]',
  describe: 'Write a workload to start from',
  flags: (parser) =>
    parser
      .positional('folder', { describe: 'Where to', type: 'string', default: '.' })
      .usage(
        '$0 init [FOLDER]\n\nWrites a workload, a handler that passes, a configuration and a CI workflow, each with ' +
          'comments, to be changed into your own. Nothing that is there already is touched.',
      )
      .example([['$0 init simulation && cd simulation && npx simulate', 'and it runs']])
      .epilogue('Exit status: 0 written, 64 one of the files is there already.'),
  read(given, { cwd }) {
    refuse(given, ['folder'], 1);
    const folder = path.resolve(cwd, String(given['folder']));
    return async (context) => (await import('./init.ts')).initCommand(folder, context);
  },
};
