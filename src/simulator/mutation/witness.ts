/** Which check catches a run of the handler, if any does. */
import type { HistoryReader } from '../history/history.ts';
import type { Failure } from '../model/failure.ts';
import type { Outcome } from '../search/run-scenario.ts';
import { faultsIn, type Scenario } from '../search/scenario.ts';
import type { Check } from './mutant.ts';

export interface Caught {
  readonly check: Check;
  readonly failure: Failure;
}

/** Reads the history of one run. */
export interface Witness {
  readonly read: HistoryReader;
  /** `subjects`: how many things the scenario's events are about. Undefined: no check fails. */
  catches(
    scenario: Scenario,
    outcome: Pick<Outcome, 'verdict' | 'failures' | 'faults'>,
    subjects: number,
  ): Caught | undefined;
}

export function createWitness(): Witness {
  const startedAtMs = new Map<number, number>();
  const requestsOf = new Map<number, number>();
  let [requests, ms, timeouts] = [0, 0, 0];
  return {
    read(record) {
      if (record.type === 'invoked') startedAtMs.set(record.invocation, record.atMs);
      if (record.type === 'requested') {
        const made = (requestsOf.get(record.invocation) ?? 0) + 1;
        requestsOf.set(record.invocation, made);
        if (record.invocation > 0) requests = Math.max(requests, made);
      }
      if (record.type === 'answered') {
        const { kind } = record.outcome;
        const took = record.atMs - (startedAtMs.get(record.invocation) ?? record.atMs);
        if (kind === 'timed-out') timeouts++;
        else ms = Math.max(ms, took);
      }
    },
    catches(scenario, { verdict, failures, faults }, subjects) {
      const [failure] = failures;
      if (verdict === 'diverged' && failure !== undefined) {
        return { check: failure.kind === 'invariant' ? 'invariant' : 'divergence', failure };
      }
      // Where the world stalls workers, the handler can't prevent time-outs.
      if (timeouts > 0 && !faults.includes('time-out')) {
        const timedOut = { kind: 'invocations-timed-out', invocations: timeouts } as const;
        return { check: 'time-out', failure: timedOut };
      }
      if (failure !== undefined) return { check: 'liveness', failure };
      if (!isPlain(scenario)) return undefined;
      const requestsMax = REQUESTS_PER_SUBJECT * subjects + 1;
      if (requests > requestsMax) {
        return { check: 'cost', failure: { kind: 'invocation-requests', requests, requestsMax } };
      }
      if (ms > INVOCATION_MS_MAX) {
        const slow = { kind: 'invocation-slow', ms, msMax: INVOCATION_MS_MAX } as const;
        return { check: 'cost', failure: slow };
      }
      return undefined;
    },
  };
}

/**
 * A plain scenario bounds what a batch costs: each subject is read, looked up, put, recorded,
 * recounted twice and settled once; malformed records are quarantined together.
 */
const REQUESTS_PER_SUBJECT = 9;
const INVOCATION_MS_MAX = 5_000;

/** One lane, no faults, no limits tighter than as deployed. */
function isPlain(scenario: Scenario): boolean {
  const { shards, parallelizationFactor } = scenario.options;
  const { pageBytesMax, handler = {} } = scenario.limits;
  return (
    shards === 1 &&
    parallelizationFactor === 1 &&
    Object.keys(faultsIn(scenario)).length === 0 &&
    pageBytesMax === undefined &&
    Object.keys(handler).length === 0
  );
}
