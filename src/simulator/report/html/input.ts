/** All that a report is made of. */
import type { Convergence } from '../../check/convergence.ts';
import type { RunResult } from '../../model/run-result.ts';
import type { Leaderboard } from '../../model/workload.ts';
import type { TimeSeries } from '../time-series.ts';

export interface ReportInput {
  readonly result: RunResult;
  readonly workload: string;
  readonly timeSeries: TimeSeries;
  readonly convergence: Convergence;
  /** What the reference says, and what the tables do; none where the view has no winners. */
  readonly leaderboards: readonly {
    readonly expected: Leaderboard;
    readonly actual: Leaderboard;
  }[];
  /** When the run began, ISO 8601. */
  readonly at: string;
  /** Names and versions of what took part. */
  readonly versions: Readonly<Record<string, string>>;
}

/** What is inlined into the page. */
export interface ReportAssets {
  readonly css: string;
  readonly script: string;
}
