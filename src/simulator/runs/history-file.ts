/** history.jsonl: the history as it happens, one record a line. */
import type { HistoryRecord } from '../model/history.ts';
import type { ExplainedDifference } from '../model/run-result.ts';
import { jsonValue } from '../report/json.ts';
import type { GrowingFile } from './folder.ts';

/** A longer history is sampled: one of so many pushes, invocations and requests is kept. */
const CHARS_WHOLE_MAX = 64 * 1024 * 1024;
const EVERY = 100;
const MANY: ReadonlySet<HistoryRecord['type']> = new Set([
  'record-pushed',
  'requested',
  'invoked',
  'answered',
  'checkpoint-moved',
]);

export interface HistoryFile {
  read(record: HistoryRecord): void;
  /** Writes all differences with the traces of their events, whatever was left out before. */
  end(differences: readonly ExplainedDifference[]): void;
  /** Writes the records so far to the disk; the file keeps its partial name. */
  interrupted(): void;
}

export function createHistoryFile(file: GrowingFile, charsWholeMax = CHARS_WHOLE_MAX): HistoryFile {
  let chars = 0;
  let isSampled = false;
  let seen = 0;
  const leftOut = new Map<string, number>();
  const line = (value: unknown): void => {
    const text = `${JSON.stringify(value, jsonValue)}\n`;
    chars += text.length;
    file.write(text);
  };
  return {
    read(record) {
      if (isSampled && MANY.has(record.type) && seen++ % EVERY !== 0) {
        leftOut.set(record.type, (leftOut.get(record.type) ?? 0) + 1);
        return;
      }
      line(record);
      if (isSampled || chars <= charsWholeMax) return;
      isSampled = true;
      line({ type: 'sampled-from-here', every: EVERY, types: [...MANY] });
    },
    end(differences) {
      for (const difference of differences) line({ type: 'difference', ...difference });
      if (isSampled) line({ type: 'left-out', ...Object.fromEntries(leftOut) });
      file.end();
    },
    interrupted: file.flush,
  };
}
