/** Folds the history to what limits are known by: how busy the lanes were, conflicts, throttled requests. */
import type { HistoryReader } from '../src/simulator/history/history.ts';

export interface Effort {
  readonly read: HistoryReader;
  /** Milliseconds of all invocations together, ended or not, as of now. */
  invokedMs(): number;
  /** Writes that met another's: cancelled transactions, failed conditions, conflicts. */
  conflicts(): number;
  requests(): number;
  requestsThrottled(): number;
}

const CONFLICT = /TransactionConflict|ConditionalCheckFailed/;
const THROTTLE = /Throughput|Throttl|RequestLimitExceeded/;

export function createEffort(nowMs: () => number): Effort {
  const running = new Map<number, number>();
  let [endedMs, conflicts, requests, throttled] = [0, 0, 0, 0];
  return {
    read(record) {
      if (record.type === 'invoked') running.set(record.invocation, nowMs());
      if (record.type === 'answered') {
        endedMs += nowMs() - (running.get(record.invocation) ?? nowMs());
        running.delete(record.invocation);
      }
      if (record.type !== 'requested') return;
      const causes = [record.outcome, ...(record.cancellationReasons ?? [])];
      requests++;
      if (causes.some((cause) => CONFLICT.test(cause))) conflicts++;
      if (causes.some((cause) => THROTTLE.test(cause))) throttled++;
    },
    invokedMs() {
      const atMs = nowMs();
      return [...running.values()].reduce((total, sinceMs) => total + atMs - sinceMs, endedMs);
    },
    conflicts: () => conflicts,
    requests: () => requests,
    requestsThrottled: () => throttled,
  };
}
