/** `simulate leaderboard`: who wins in a stored run, or in live tables. */
import process from 'node:process';
import { openLiveTables } from '../ops/live-tables.ts';
import { SimulatorError } from '../simulator/model/errors.ts';
import type { Leaderboard, Row, Tables, Workload } from '../simulator/model/workload.ts';
import { formatLeaderboard } from '../simulator/report/sheet.ts';
import { plural } from '../simulator/report/text.ts';
import { eventsOf } from '../simulator/workload/source.ts';
import { winner } from '../simulator/workload/winner/winner.ts';
import { openRunHistory } from './run-history.ts';
import type { Source } from './source.ts';
import type { WorkContext } from './subcommand.ts';

export async function leaderboardCommand(
  source: Source,
  { print, style }: WorkContext,
): Promise<number> {
  const { boards, note } = await (source.kind === 'run'
    ? ofRun(source.folder)
    : ofStage(source.stage));
  print(`${note}\n${boards.map((board) => formatLeaderboard(board, style)).join('\n')}`);
  return 0;
}

interface Told {
  readonly boards: readonly Leaderboard[];
  /** Whose numbers these are: a line. */
  readonly note: string;
}

async function ofRun(folder: string): Promise<Told> {
  const { workload, history, run } = await openRunHistory(folder);
  const boards = boardsOf(workload, workload.reference(eventsOf(history)));
  const { differencesTotal, verdict } = run;
  const beside =
    differencesTotal === 0
      ? `the run ended ${verdict}`
      : `the run's tables differ in ${plural(differencesTotal, 'row')}, see its report.html`;
  return { boards, note: `By the reference; ${beside}.\n` };
}

async function ofStage(stage: string): Promise<Told> {
  const live = await openLiveTables(stage, process.env);
  try {
    const boards = boardsOf(winner, new Map([['Scores', await live.scores()]]));
    return { boards, note: `By the tables of stage ${stage}.\n` };
  } finally {
    live.close();
  }
}

function boardsOf<Event>(
  { name, comparable, leaderboard }: Workload<Event>,
  tables: Tables,
): readonly Leaderboard[] {
  if (leaderboard === undefined) {
    throw new SimulatorError('usage', `the workload ${name} has no leaderboard`);
  }
  const compared = new Map<string, readonly Row[]>();
  for (const [table, rows] of tables) {
    compared.set(
      table,
      rows.flatMap((row): readonly Row[] => {
        const shown = comparable(table, row);
        return shown === undefined ? [] : [shown];
      }),
    );
  }
  return leaderboard(compared);
}
