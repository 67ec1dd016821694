/** `simulate compare`: two stored runs side by side. */
import { defineCommand } from '../command.ts';
import { findRun } from '../stored-run.ts';

export const compare = defineCommand({
  name: 'compare',
  summary: 'Compare two stored runs',
  description:
    'Prints the verdicts of two runs, the options that differ, and figures with their ratio.',
  args: [
    { name: 'left', describe: 'Folder of a run' },
    { name: 'right', describe: 'Folder of another run' },
  ],
  options: {},
  examples: [['compare runs/2026-11-25T08-15-29-readme runs/latest', 'before and after']],
  exits: { 0: 'done', 64: 'wrong usage, or no such run' },
  read: (_values, context) =>
    [
      findRun(context.args['left'] ?? '', context),
      findRun(context.args['right'] ?? '', context),
    ] as const,
  async start([left, right], { print }) {
    const [{ formatComparison }, { readStoredResult }] = await Promise.all([
      import('../../simulator/report/comparison.ts'),
      import('../../simulator/runs/result-file.ts'),
    ]);
    print(formatComparison(readStoredResult(left), readStoredResult(right)));
    return 0;
  },
});
