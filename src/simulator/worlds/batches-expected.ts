import type { RunOptions } from '../model/run-options.ts';

/**
 * The batches that a run delivers at least: of events, their copies (two on average) and malformed
 * records.
 */
export function batchesExpected({ count, duplicate, garbage, batchSize }: RunOptions): number {
  return (count * (1 + 2 * duplicate + garbage)) / batchSize;
}
