/** Checks determinism: a repeatable run is done twice, and both must have the same history. */
import type { RunResult } from '../model/run-result.ts';

/** Runs of more events are done once, because a second run would take as long again. */
const REPEATED_COUNT_MAX = 2_000;

/** Returns the result of `once`; `again` must be the same run. */
export async function runTwice(
  once: () => Promise<RunResult>,
  again: () => Promise<RunResult>,
): Promise<RunResult> {
  const first = await once();
  // Only repeatable runs have one.
  if (first.historyHash === undefined) return first;
  if (first.options.count > REPEATED_COUNT_MAX) {
    return withNote(
      first,
      `determinism not checked: a run of over ${REPEATED_COUNT_MAX} events is done once`,
    );
  }
  const second = await again();
  if (second.historyHash === first.historyHash) {
    return withNote(first, 'determinism checked: the run was done twice, with the same history');
  }
  const other = second.historyHash === undefined ? {} : { second: second.historyHash };
  return {
    ...first,
    verdict: 'unknown',
    failures: [{ kind: 'not-repeatable', first: first.historyHash, ...other }, ...first.failures],
  };
}

function withNote(result: RunResult, note: string): RunResult {
  return { ...result, notes: [...result.notes, note] };
}
