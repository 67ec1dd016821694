/** Keeps the heap of a large run small, at about a fifth of its time (docs/benchmarks.md). */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { HistoryReader } from '../../history/history.ts';

const BATCHES_PER_COMPACTION = 1_000;

/** By default V8 lets the heap grow to four times the live objects, and leaves gaps in it. */
export function createCompactor(): HistoryReader {
  setFlagsFromString('--heap-growing-percent=10');
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as NodeJS.GCFunction;
  return (record) => {
    const isDue =
      record.type === 'stage-ended' ||
      (record.type === 'answered' && record.invocation % BATCHES_PER_COMPACTION === 0);
    // The flavour that moves live objects together.
    if (isDue) collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  };
}
