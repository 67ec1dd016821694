/** The result of a run that its handler did not let come to an end. */

import type { RunFailure } from '../model/failure.ts';
import { faultsOf } from '../model/fault-profiles.ts';
import type { RunOptions } from '../model/run-options.ts';
import { RESULT_VERSION, type RunResult } from '../model/run-result.ts';
import { createFigures } from '../report/figures.ts';

export function resultWithout(options: RunOptions, failure: RunFailure, repeat: string): RunResult {
  return {
    version: RESULT_VERSION,
    verdict: 'unknown',
    failures: [failure],
    options,
    figures: { ...createFigures(faultsOf(options)).figures(undefined), stagesMs: {}, wallMs: 0 },
    differencesTotal: 0,
    differences: [],
    historyHash: undefined,
    output: [],
    notes: [],
    repeat,
  };
}
