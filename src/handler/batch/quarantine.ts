/** Writes malformed records to the quarantine. */
import type { MalformedRecord } from '../domain/malformed-record.ts';
import { ROWS_PER_WRITE } from '../view-store.ts';
import type { BatchContext } from './context.ts';
import { backOffMs } from './retry.ts';
import { slices } from './slices.ts';

/** Returns the records that could not be written: they must be delivered again. */
export async function quarantine(
  malformed: readonly MalformedRecord[],
  context: BatchContext,
): Promise<readonly MalformedRecord[]> {
  const { store, clock, log, limits, counts, signal } = context;
  let left = malformed;
  for (let attempt = 0; left.length > 0 && attempt < limits.attemptsMax; attempt++) {
    if (signal.aborted) break;
    if (attempt > 0) await clock.sleep(backOffMs(attempt, context), signal);
    const unwritten: MalformedRecord[] = [];
    for (const some of slices(left, ROWS_PER_WRITE)) {
      const outcome = await store.quarantine(some, signal);
      if (outcome.kind === 'done') {
        const unprocessed = new Set(outcome.value);
        if (unprocessed.size > 0) counts.retries++;
        unwritten.push(...some.filter(({ record }) => unprocessed.has(record)));
        continue;
      }
      if (signal.aborted) return left;
      counts.retries++;
      unwritten.push(...some);
      if (outcome.kind === 'fatal') {
        log.error('a malformed record could not be quarantined', { error: outcome.error });
        return left;
      }
    }
    left = unwritten;
  }
  counts.quarantined = malformed.length - left.length;
  return left;
}
