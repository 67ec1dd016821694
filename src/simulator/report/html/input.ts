/** What a report is made of. */
import type { Convergence } from '../../check/convergence.ts';
import type { RunResult } from '../../model/run-result.ts';
import type { Leaderboard } from '../../model/workload.ts';
import type { TimeSeries } from '../time-series.ts';

export interface ReportInput {
  readonly result: RunResult;
  readonly workload: string;
  readonly series: TimeSeries;
  readonly convergence: Convergence;
  /** By the reference, and by the tables; none where the view ranks nothing. */
  readonly leaderboards: readonly {
    readonly expected: Leaderboard;
    readonly actual: Leaderboard;
  }[];
  /** When the run began, ISO 8601. */
  readonly at: string;
  /** Names and versions of the programs. */
  readonly versions: Readonly<Record<string, string>>;
}

/** The files that are inlined into the page. */
export interface ReportAssets {
  readonly css: string;
  readonly script: string;
}
