/** Counts what the history tells of the handler: time in invocations, conflicts, throttled requests. */
import type { HistoryReader } from '../../src/simulator/history/history.ts';

export interface HandlerCounters {
  readonly read: HistoryReader;
  /** Milliseconds of all invocations together, ended or not, as of now. */
  invokedMs(): number;
  /** Writes that another write cancelled or refused: transactions, failed conditions. */
  conflicts(): number;
  requests(): number;
  requestsThrottled(): number;
}

const CONFLICT = /TransactionConflict|ConditionalCheckFailed/;
const THROTTLE = /Throughput|Throttl|RequestLimitExceeded/;

export function createHandlerCounters(nowMs: () => number): HandlerCounters {
  const startedAtMs = new Map<number, number>();
  let [endedMs, conflicts, requests, throttled] = [0, 0, 0, 0];
  return {
    read(record) {
      if (record.type === 'invoked') startedAtMs.set(record.invocation, nowMs());
      if (record.type === 'answered') {
        endedMs += nowMs() - (startedAtMs.get(record.invocation) ?? nowMs());
        startedAtMs.delete(record.invocation);
      }
      if (record.type !== 'requested') return;
      const causes = [record.outcome, ...(record.cancellationReasons ?? [])];
      requests++;
      if (causes.some((cause) => CONFLICT.test(cause))) conflicts++;
      if (causes.some((cause) => THROTTLE.test(cause))) throttled++;
    },
    invokedMs() {
      const atMs = nowMs();
      return [...startedAtMs.values()].reduce((total, since) => total + atMs - since, endedMs);
    },
    conflicts: () => conflicts,
    requests: () => requests,
    requestsThrottled: () => throttled,
  };
}
