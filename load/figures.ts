/** The figures of a load run. */
import type { Verdict } from '../src/simulator/model/verdict.ts';

/** The part that artillery's process plays in a run, beside the servers. */
export const PRODUCERS = 'producers';

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
  /** How often each error, by its name, ended a virtual user. */
  readonly errors: Readonly<Record<string, number>>;
}

/** One second of a run. */
export interface Moment {
  /** Since the first record arrived. */
  readonly seconds: number;
  /** In the second before. */
  readonly arrivedPerSecond: number;
  readonly donePerSecond: number;
  /** Records that had arrived and weren't done. */
  readonly backlog: number;
  /** Of the oldest of those; 0 if there is none. */
  readonly oldestAgeMs: number;
}

/** What delivery and the handler did. */
export interface HandlerFigures {
  /** Concurrent batches at most, and the share of their time in which they ran while records were put. */
  readonly lanes: { readonly count: number; readonly busy: number };
  readonly batches: number;
  readonly retries: number;
  /** Writes that another write cancelled or refused. */
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

/** The component that reached its limit first. */
export interface Limit {
  readonly component: string;
  /** How that is known: one line. */
  readonly how: string;
}

export interface LoadFigures {
  readonly version: 1;
  /** The run's name, and the question that it answers. */
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
    /** Of a call; undefined without calls. */
    readonly latencyMs: Percentiles | undefined;
  };
  readonly stream: {
    /** Records read from the stream, including two for each probe. */
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
  /** Undefined where the handler can't be observed: on a deployed stack. */
  readonly inside: HandlerFigures | undefined;
  /** While records were put: shares of one processor, and of all of this machine's. */
  readonly busy: {
    readonly processors: Readonly<Record<string, number>>;
    readonly machine: number;
  };
  /** Undefined: none was reached. */
  readonly firstLimit: Limit | undefined;
}
