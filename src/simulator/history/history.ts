/** Passes each fact of a run to its readers as it happens. */
import type { HistoryFact, HistoryRecord } from '../model/history.ts';

export type HistoryReader = (record: HistoryRecord) => void;

export interface History {
  append(fact: HistoryFact): void;
}

/** Every reader sees every record, in order. `now` returns milliseconds since the run began. */
export function createHistory(now: () => number, readers: readonly HistoryReader[]): History {
  return {
    append(fact) {
      const record: HistoryRecord = { ...fact, atMs: now() };
      for (const read of readers) read(record);
    },
  };
}
