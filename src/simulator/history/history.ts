/** Where facts go: to everyone who reads the run while it happens. Keeping them is a reader's choice. */
import type { HistoryFact, HistoryRecord } from '../model/history.ts';

export type HistoryReader = (record: HistoryRecord) => void;

export interface History {
  record(fact: HistoryFact): void;
}

/** A history whose readers each see every record, in order. `now` gives milliseconds since the run began. */
export function createHistory(now: () => number, readers: readonly HistoryReader[]): History {
  return {
    record(fact) {
      const record: HistoryRecord = { ...fact, atMs: now() };
      for (const read of readers) read(record);
    },
  };
}
