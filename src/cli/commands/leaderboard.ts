/** `simulate leaderboard`: who leads in a stored run, or in live tables. */
import { SimulatorError } from '../../simulator/model/errors.ts';
import type { Leaderboard } from '../../simulator/model/workload.ts';
import { plural } from '../../simulator/report/text.ts';
import { defineCommand, type WorkContext } from '../command.ts';
import { openRunHistory, SOURCE_OPTIONS, sourceOf } from '../stored-run.ts';

export const leaderboard = defineCommand({
  name: 'leaderboard',
  summary: 'Show who leads',
  description:
    'Prints who leads: by the reference for the history of a stored run, or by the live tables of a stage.',
  options: SOURCE_OPTIONS,
  examples: [
    ['leaderboard', 'of the latest run'],
    ['leaderboard --stage dev', 'of live tables'],
  ],
  exits: { 0: 'done', 64: 'wrong usage, or no such run', 69: "AWS can't be reached" },
  read: sourceOf,
  async start(source, context) {
    const { print, style } = context;
    const { formatLeaderboard } = await import('../../simulator/report/sheet.ts');
    const { boards, note } = await (source.kind === 'run'
      ? ofRun(source.folder)
      : ofStage(source.stage, context));
    print(`${note}\n${boards.map((board) => formatLeaderboard(board, style)).join('\n')}`);
    return 0;
  },
});

interface Boards {
  readonly boards: readonly Leaderboard[];
  /** Where the numbers come from: a line. */
  readonly note: string;
}

async function ofRun(folder: string): Promise<Boards> {
  const { eventsOf } = await import('../../simulator/workload/source.ts');
  const { workload, history, run } = await openRunHistory(folder);
  const { name, comparable, leaderboard } = workload;
  if (leaderboard === undefined) {
    throw new SimulatorError('usage', `the workload ${name} has no leaderboard`);
  }
  const reference = [...workload.reference(eventsOf(history))];
  const compared = reference.map(([table, rows]) => {
    const shown = rows.map((row) => comparable(table, row));
    return [table, shown.filter((row) => row !== undefined)] as const;
  });
  const { differencesTotal, verdict } = run;
  const beside =
    differencesTotal === 0
      ? `the run ended ${verdict}`
      : `the run's tables differ in ${plural(differencesTotal, 'row')}, see its report.html`;
  return { boards: leaderboard(new Map(compared)), note: `By the reference; ${beside}.\n` };
}

async function ofStage(stage: string, { io }: WorkContext): Promise<Boards> {
  const { openLiveTables } = await import('../../ops/live-tables.ts');
  const live = await openLiveTables(stage, io.env);
  try {
    return { boards: await live.leaderboards(), note: `By the tables of stage ${stage}.\n` };
  } finally {
    live.close();
  }
}
