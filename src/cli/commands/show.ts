/** `simulate show`: a stored run as it was printed at its end. */
import { defineCommand } from '../command.ts';
import { EXIT_OF_VERDICT } from '../exit-status.ts';
import { findRun, LATEST_RUN } from '../stored-run.ts';

export const show = defineCommand({
  name: 'show',
  summary: 'Print a stored run again',
  description: 'Prints a stored run as it was printed at its end.',
  args: [{ name: 'run', describe: 'Folder of the run', byDefault: LATEST_RUN }],
  options: {},
  examples: [
    ['show', 'the latest run'],
    ['show runs/2026-11-25T08-15-29-readme', 'another one'],
  ],
  exits: {
    0: 'the run converged',
    2: 'it diverged',
    3: 'unknown',
    64: 'wrong usage, or no such run',
  },
  read: (_values, context) => findRun(context.args['run'] ?? LATEST_RUN, context),
  async start(folder, { print, style }) {
    const [{ readStoredResult }, { formatResult }] = await Promise.all([
      import('../../simulator/runs/result-file.ts'),
      import('../../simulator/report/terminal.ts'),
    ]);
    const { run, text, verdict } = readStoredResult(folder);
    print(run === undefined ? (text ?? '') : formatResult(run, style));
    return EXIT_OF_VERDICT[verdict];
  },
});
