/** Which check sees what is wrong with a run, if any does. */
import type { HistoryReader } from '../history/history.ts';
import type { Outcome } from '../search/perform.ts';
import { faultsIn, type Scenario } from '../search/scenario.ts';
import type { Check } from './mutant.ts';

export interface Caught {
  readonly check: Check;
  /** What was seen first, in words that are the same for every run that fails in this way. */
  readonly seen: string;
  readonly reason: string;
}

export interface Witness {
  readonly read: HistoryReader;
  /** Undefined: nothing is wrong. */
  judge(
    scenario: Scenario,
    outcome: Pick<Outcome, 'verdict' | 'reasons' | 'seen' | 'faults'>,
    subjects: number,
  ): Caught | undefined;
}

/** Reads the history of one run. */
export function createWitness(): Witness {
  const startedAtMs = new Map<number, number>();
  const requests = new Map<number, number>();
  let [requestsMost, msMost, timeouts] = [0, 0, 0];
  return {
    read(record) {
      if (record.type === 'invoked') startedAtMs.set(record.invocation, record.atMs);
      if (record.type === 'requested') {
        const made = (requests.get(record.invocation) ?? 0) + 1;
        requests.set(record.invocation, made);
        if (record.invocation > 0) requestsMost = Math.max(requestsMost, made);
      }
      if (record.type === 'answered') {
        const { kind } = record.outcome;
        if (kind === 'timed-out') timeouts++;
        const ms = record.atMs - (startedAtMs.get(record.invocation) ?? record.atMs);
        if (kind !== 'timed-out') msMost = Math.max(msMost, ms);
      }
    },
    judge(scenario, { verdict, reasons, seen = '', faults }, subjects) {
      const [reason = ''] = reasons;
      if (verdict === 'diverged') {
        return { check: /^an invariant/.test(seen) ? 'invariant' : 'divergence', seen, reason };
      }
      // A worker that the world has stalled is beyond the handler.
      if (timeouts > 0 && !faults.includes('time-out')) {
        const text = `${timeouts} invocations ran past their time-out`;
        return { check: 'time-out', seen: 'time-outs', reason: text };
      }
      if (verdict === 'unknown') return { check: 'liveness', seen, reason };
      if (!isPlain(scenario)) return undefined;
      const requestsMax = REQUESTS_PER_SUBJECT * subjects + 1;
      if (requestsMost > requestsMax) {
        const text = `an invocation made ${requestsMost} requests, with ${requestsMax} at most`;
        return { check: 'cost', seen: 'requests', reason: text };
      }
      if (msMost > INVOCATION_MS_MAX) {
        const text = `an invocation took ${Math.round(msMost / 1000)} s`;
        return { check: 'cost', seen: 'time', reason: text };
      }
      return undefined;
    },
  };
}

/**
 * What a batch costs is bounded where nobody else is at work, nothing fails, and no limit is pulled
 * tight: then each subject is read, looked up, put, recorded, recounted twice and settled;
 * and malformed records are put away.
 */
const REQUESTS_PER_SUBJECT = 9;
const INVOCATION_MS_MAX = 5_000;

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
