/** Keeps the results of a load run in a folder, as other runs do. */
import type { RunResult } from '../../src/simulator/model/run-result.ts';
import type { Verdict } from '../../src/simulator/model/verdict.ts';
import { failureText } from '../../src/simulator/report/failure-text.ts';
import type { KeptSearch } from '../../src/simulator/runs/search.ts';
import type { LoadFigures } from '../figures.ts';
import { formatLoad } from './format-load.ts';

const STYLE = { colour: false, width: 120 };

export interface LoadEnd {
  readonly figures: LoadFigures;
  readonly result: RunResult;
  /** Artillery's own, JSON. */
  readonly report: string;
}

/** `result.json` has the single numbers, for `simulate compare`; the other files have what changes over time. */
export function keepLoad(kept: KeptSearch, { figures, result, report }: LoadEnd): void {
  const { verdict, failures, options } = result;
  const { failedThresholds, users, put, stream, lag, inside, busy, firstLimit } = figures;
  const numbers = { users, put, stream, lag, inside, busy, firstLimit };
  const text = formatLoad(figures, result, STYLE);
  const failure = (type: Verdict, lines: readonly string[]) => ({
    failure: { message: lines.join('; '), type, text },
  });
  const seconds = result.figures.wallMs / 1000;
  kept.write('artillery.json', report);
  kept.write('figures.json', `${JSON.stringify(figures, null, 2)}\n`);
  kept.finish(
    { verdict, failures, options: { load: figures.run, ...options }, figures: numbers, text },
    [
      {
        name: 'the view converged',
        seconds,
        ...(verdict === 'converged' ? {} : failure(verdict, failures.map(failureText))),
      },
      {
        name: 'the thresholds of the run',
        seconds: figures.put.seconds,
        ...(failedThresholds.length === 0 ? {} : failure('diverged', failedThresholds)),
      },
    ],
  );
}
