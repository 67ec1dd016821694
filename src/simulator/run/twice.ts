/**
 * Determinism is checked: a run that claims to be repeatable is done twice, and both must have the same
 * history. Long ones are not: a second time would take as long again.
 */
import type { RunResult } from '../model/run-result.ts';

/** Events; every run of so many or fewer is done twice. */
export const REPEATED_COUNT_MAX = 2_000;

/** Does the run, and perhaps `again`, by which nothing else may be changed; answers with the first's result. */
export async function runTwice(
  once: () => Promise<RunResult>,
  again: () => Promise<RunResult>,
): Promise<RunResult> {
  const first = await once();
  const { count } = first.options;
  // It has none where a handler did what isn't simulated; a note says so.
  if (first.historyHash === undefined) return first;
  if (count > REPEATED_COUNT_MAX) {
    return noted(
      first,
      `determinism not checked: a run of over ${REPEATED_COUNT_MAX} events is done once`,
    );
  }
  const second = await again();
  if (second.historyHash === first.historyHash) {
    return noted(first, 'determinism checked: the run was done twice, with the same history');
  }
  return {
    ...first,
    verdict: 'unknown',
    reasons: [
      `the same run had another history the second time (${first.historyHash}, then ${second.historyHash ?? 'none'}): it is not deterministic`,
      ...first.reasons,
    ],
  };
}

function noted(result: RunResult, note: string): RunResult {
  return { ...result, notes: [...result.notes, note] };
}
