/** `simulate show`: its words. */
import { openedRun } from './stored-run.ts';
import type { Subcommand } from './subcommand.ts';
import { refuse } from './take.ts';

export const show: Subcommand = {
  usage: 'show [run]',
  describe: 'Print a stored run again',
  flags: (parser) =>
    parser
      .usage('$0 show [RUN]\n\nPrints a run that was kept as it was printed at its end.')
      .positional('run', { describe: 'Folder of the run', defaultDescription: 'runs/latest' })
      .example([
        ['$0 show', 'the latest'],
        ['$0 show runs/2026-11-25T08-15-29-readme', 'another'],
      ])
      .epilogue(
        'Exit status: that of the run: 0 converged, 2 diverged, 3 unknown; 64 no such run.',
      ),
  read(given, words) {
    refuse(given, ['run'], 1);
    const folder = openedRun(given['run'] ?? 'runs/latest', words);
    return async (context) => (await import('./show.ts')).showCommand(folder, context);
  },
};
