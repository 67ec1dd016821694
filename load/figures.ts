/** The figures of a load run, as a value. */
import { quantileSorted } from 'simple-statistics';
import type { Verdict } from '../src/simulator/model/verdict.ts';
import { count } from '../src/simulator/report/text.ts';
import type { Limit } from './limit.ts';
import type { Moment } from './passages.ts';

/** Milliseconds. */
export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

export interface VirtualUsers {
  readonly arrived: number;
  readonly completed: number;
  /** Ended before their last step. */
  readonly failed: number;
  /** What they failed with: the error's name, and how often. */
  readonly errors: Readonly<Record<string, number>>;
}

export interface Inside {
  /** Concurrent batches at most, and the share of their time in which they ran while records were put. */
  readonly lanes: { readonly count: number; readonly busy: number };
  readonly batches: number;
  readonly retries: number;
  /** Writes that met another's. */
  readonly conflicts: number;
  readonly requests: number;
  /** By DynamoDB. */
  readonly requestsThrottled: number;
  /** Per record on the stream. */
  readonly perRecord: {
    readonly writeUnits: number;
    readonly cancelledWriteUnits: number;
    readonly readUnits: number;
    readonly requests: number;
  };
}

export interface LoadFigures {
  readonly version: 1;
  /** The run's name, and what it asks. */
  readonly run: string;
  readonly question: string;
  readonly seed: string;
  readonly verdict: Verdict;
  /** Of artillery's `ensure`. */
  readonly failedThresholds: readonly string[];
  readonly users: VirtualUsers;
  readonly put: {
    /** Seconds from the first to the last put. */
    readonly seconds: number;
    /** Records by virtual users: offered, acknowledged, given up. */
    readonly offered: number;
    readonly taken: number;
    readonly failed: number;
    readonly offeredPerSecond: number;
    readonly takenPerSecond: number;
    /** Refused for the stream's throughput, or otherwise, and tried again; each time counted. */
    readonly throttled: number;
    readonly refused: number;
    /** Of a call; undefined where there was none. */
    readonly latencyMs: Percentiles | undefined;
  };
  readonly stream: {
    /** Records read from the stream, the probes' two each included. */
    readonly records: number;
    readonly copies: number;
    /** Acknowledged to a producer and never read. */
    readonly lost: number;
  };
  readonly lag: {
    /** Probes put, and those that were seen in Scores. */
    readonly probes: number;
    readonly seen: number;
    /** From the acknowledged put to visible in Scores. */
    readonly ms: Percentiles | undefined;
  };
  readonly timeline: readonly Moment[];
  /** What delivery and the handler did; undefined where that can't be seen. */
  readonly inside: Inside | undefined;
  /** While records were put: shares of one processor, and of all of this machine's. */
  readonly busy: {
    readonly processors: Readonly<Record<string, number>>;
    readonly machine: number;
  };
  /** Undefined: none was reached. */
  readonly firstLimit: Limit | undefined;
}

/** Undefined of no values. Exact, between two values in proportion. */
export function percentilesOf(values: readonly number[]): Percentiles | undefined {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((left, right) => left - right);
  const [p50, p95, p99, max] = [0.5, 0.95, 0.99, 1].map((share) => quantileSorted(sorted, share));
  return { p50: p50 ?? 0, p95: p95 ?? 0, p99: p99 ?? 0, max: max ?? 0 };
}

/** Such as `ResourceNotFoundException 3`. */
export function errorsText({ errors }: VirtualUsers): string {
  return Object.entries(errors)
    .map(([name, times]) => `${name} ${count(times)}`)
    .join(', ');
}
