/** `simulate leaderboard`: who wins in a stored run, or in live tables. */
import { SimulatorError } from '../errors.ts';
import { formatLeaderboard } from '../report/sheet.ts';
import { winner } from '../workload/winner/winner.ts';
import type { EventSource, Leaderboard, Row, Tables, Workload } from '../workload/workload.ts';
import { openLiveTables } from './live-tables.ts';
import { openRunHistory } from './run-history.ts';
import type { Source } from './source.ts';
import type { WorkContext } from './subcommand.ts';

export async function leaderboardCommand(
  source: Source,
  { print, style }: WorkContext,
): Promise<number> {
  const boards = await (source.kind === 'run' ? ofRun(source.folder) : ofStage(source.stage));
  print(boards.map((board) => formatLeaderboard(board, style)).join('\n'));
  return 0;
}

async function ofRun(folder: string): Promise<readonly Leaderboard[]> {
  const { workload, history } = await openRunHistory(folder);
  return boardsOf(workload, workload.reference(eventsOf(history)));
}

async function ofStage(stage: string): Promise<readonly Leaderboard[]> {
  const live = await openLiveTables(stage);
  try {
    return boardsOf(winner, new Map([['Scores', await live.scores()]]));
  } finally {
    live.close();
  }
}

function boardsOf<Event>(
  { name, comparable, leaderboard }: Workload<Event>,
  tables: Tables,
): readonly Leaderboard[] {
  if (leaderboard === undefined) {
    throw new SimulatorError('usage', `the workload ${name} has no winners, and so no leaderboard`);
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

function* eventsOf(history: EventSource<unknown>) {
  for (let at = 0; at < history.length; at++) yield history.at(at);
}
