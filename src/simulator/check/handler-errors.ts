/** The errors that invocations of the handler ended with, as Lambda reports them. */
import type { HistoryReader } from '../history/history.ts';

export interface HandlerErrors {
  readonly read: HistoryReader;
  last(): string | undefined;
}

const ERROR_CHARS_MAX = 500;

export function createHandlerErrors(): HandlerErrors {
  let last: string | undefined;
  return {
    read(record) {
      if (record.type !== 'answered' || !('error' in record.outcome)) return;
      last = record.outcome.error.slice(0, ERROR_CHARS_MAX);
    },
    last: () => last,
  };
}
