/** The folder of a run, from the first record of its history to its report. */

import { type Convergence, createConvergence, rowName } from '../check/convergence.ts';
import type { HistoryReader } from '../history/history.ts';
import type { Observer } from '../model/observer.ts';
import { RESULT_VERSION, type RunResult } from '../model/run-result.ts';
import type { Row, Tables, Workload } from '../model/workload.ts';
import type { ReportInput } from '../report/html/input.ts';
import { formatPage } from '../report/html/page.ts';
import { formatJunit, junitCases } from '../report/junit.ts';
import { createTimeSeries } from '../report/time-series.ts';
import { readAssets } from './assets.ts';
import { createFolder, folderName, type Origin } from './folder.ts';
import { createHistoryFile } from './history-file.ts';
import { formatStoredResult, type StoredResult } from './result-file.ts';
import { type KeptSearch, keepSearch } from './search.ts';

/** Makes the folders of commands. */
export interface Keeper {
  /** `out`: absolute. Both throw a `SimulatorError` where the folder can't be made. */
  run(out: string, seed: string): KeptRun;
  search(out: string, command: StoredResult['command'], name: string): KeptSearch;
}

export function createKeeper(now: () => Date, versions: Readonly<Record<string, string>>): Keeper {
  return {
    run: (out, seed) => keepRun({ out, startedAt: now(), versions }, seed),
    search: (out, command, name) => keepSearch({ out, startedAt: now(), versions }, command, name),
  };
}

export interface KeptRun {
  /** Of the folder. */
  readonly path: string;
  readonly readers: readonly HistoryReader[];
  readonly observer: Observer;
  /**
   * Writes the remaining files, and makes the folder the latest. Rejects with a `SimulatorError` at
   * a full disk.
   */
  finish(result: RunResult): Promise<void>;
  /** The run ended without a result: keeps the history so far, if there is one. */
  interrupted(): void;
  /** Removes the folder. */
  discard(): void;
}

/** Throws a `SimulatorError` where the folder can't be made. */
function keepRun({ out, startedAt, versions }: Origin, seed: string): KeptRun {
  const at = startedAt.toISOString();
  const folder = createFolder(out, folderName(at, seed));
  const historyFile = createHistoryFile(folder.grow('history.jsonl'));
  const timeSeries = createTimeSeries();
  const convergence = createConvergence();
  let workload: Pick<Workload<never>, 'name' | 'leaderboard' | 'tables'> | undefined;
  return {
    path: folder.path,
    readers: [historyFile.read, timeSeries.read, convergence.read],
    observer: {
      begin(run) {
        workload = run.workload;
        convergence.begin(run);
      },
      checked: convergence.checked,
    },
    async finish(result) {
      folder.publish();
      const { verdict, failures, options, figures } = result;
      folder.write(
        'result.json',
        formatStoredResult({
          version: RESULT_VERSION,
          command: 'run',
          startedAt: at,
          verdict,
          failures,
          versions,
          options,
          figures,
          run: result,
        }),
      );
      folder.write('junit.xml', formatJunit('simulate', at, junitCases(result)));
      const found = await convergence.finish();
      const input: ReportInput = {
        result,
        workload: workload?.name ?? '',
        series: timeSeries.series(),
        convergence: found,
        leaderboards: workload === undefined ? [] : leaderboards(workload, found),
        at,
        versions,
      };
      folder.write('report.html', formatPage(input, readAssets()));
      // Last, because it may be too large for the disk.
      historyFile.end(result.differences);
    },
    interrupted() {
      // Undefined if the run had not begun.
      if (workload === undefined) return folder.remove();
      historyFile.interrupted();
      folder.publish();
    },
    discard: folder.remove,
  };
}

function leaderboards(
  { leaderboard, tables }: Pick<Workload<never>, 'leaderboard' | 'tables'>,
  { reference, differences }: Convergence,
): ReportInput['leaderboards'] {
  if (leaderboard === undefined || reference === undefined) return [];
  // The stored rows are those of the reference, except for the differences.
  const stored = new Map<string, readonly Row[]>();
  for (const { name, key } of tables) {
    const wrong = differences.filter(({ table }) => table === name);
    const names = new Set(wrong.map((each) => rowName(name, each.key)));
    const nameOf = (row: Row): string =>
      rowName(
        name,
        key.map((attribute) => String(row[attribute])),
      );
    const right = (reference.get(name) ?? []).filter((row) => !names.has(nameOf(row)));
    const actual = wrong.flatMap((each) => (each.actual === undefined ? [] : [each.actual]));
    stored.set(name, [...right, ...actual]);
  }
  const actual = leaderboard(stored as Tables);
  return leaderboard(reference).flatMap((expected, index) => {
    const found = actual[index];
    return found === undefined ? [] : [{ expected, actual: found }];
  });
}
