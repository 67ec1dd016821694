/** `simulate compare`: its words. */
import { openedRun } from './stored-run.ts';
import type { Subcommand } from './subcommand.ts';
import { refuse } from './take.ts';

export const compare: Subcommand = {
  usage: 'compare <left> <right>',
  describe: 'Two stored runs side by side',
  flags: (parser) =>
    parser
      .usage(
        '$0 compare RUN RUN\n\nVerdicts, the options that differ, and the figures with their ratio.',
      )
      .example([['$0 compare runs/2026-11-25T08-15-29-readme runs/latest', 'before and after']])
      .epilogue('Exit status: 0; 64 no such run.'),
  read(given, words) {
    refuse(given, ['left', 'right'], 1);
    const folders = [openedRun(given['left'], words), openedRun(given['right'], words)] as const;
    return async (context) => (await import('./compare.ts')).compareCommand(folders, context);
  },
};
