/** How a run ended, as a value; only the command line turns it into an exit status. */

import type { RunOptions } from './run-options.ts';
import type { Judgement } from './verdict.ts';
import type { Difference, Explanation } from './workload.ts';

/** One of the events that bear on a difference, and what became of it. */
export interface EventTrace {
  /** Index into the canonical history. */
  readonly event: number;
  readonly kind: string;
  readonly subject: string;
  readonly eventId: string;
  readonly origin: string;
  /** One per record that carried it, in order of arrival. */
  readonly arrivals: readonly {
    /** Position among all records of the run, by order of arrival. */
    readonly position: number;
    readonly shardId: string;
    readonly sequenceNumber: string;
    /** Each invocation that was given the record, and how it ended (`success`, `partial`, ...). */
    readonly deliveries: readonly { readonly invocation: number; readonly outcome: string }[];
  }[];
}

export interface ExplainedDifference extends Difference {
  readonly explanation: Explanation;
  /** In canonical order. */
  readonly traces: readonly EventTrace[];
}

export interface Figures {
  /** What the disorder amounted to. */
  readonly disorder: {
    readonly records: number;
    readonly copies: number;
    readonly malformed: number;
    /** Largest distance, in positions, between where an event stands in the history and where it was pushed. */
    readonly displacementMax: number;
  };
  readonly delivery: {
    /** Records handed to the handler, each time counted. */
    readonly deliveredRecords: number;
    readonly batches: number;
    readonly retries: number;
    readonly repeats: number;
    readonly discardedRecords: number;
    readonly outcomes: Readonly<Record<string, number>>;
  };
  /** Workers killed in mid-batch: whose invocation did end by it. */
  readonly kills: { readonly asked: number; readonly happened: number };
  /** The faults that were asked for, by name: requests that each befell. */
  readonly faults: Readonly<Record<string, { readonly ratio: number; readonly happened: number }>>;
  /** Situations that the shipped handler met, in the deterministic world: by name, how often. */
  readonly situations: Readonly<Record<string, number>>;
  /** Rows in the quarantine table at the end; undefined where the view has none. */
  readonly quarantined: number | undefined;
  readonly dynamodb: {
    readonly requests: number;
    readonly requestsByOperation: Readonly<Record<string, number>>;
    readonly errors: Readonly<Record<string, number>>;
    readonly readUnits: number;
    readonly writeUnits: number;
    /** Full price of cancelled transactions and failed conditions that the server did not report. */
    readonly cancelledWriteUnits: number;
    /** (write units + cancelled + read units / 5) per distinct record pushed, index writes included. */
    readonly writeEquivalentsPerRecord: number;
    readonly readUnitsPerRecord: number;
    readonly writeUnitsPerRecord: number;
    readonly cancelledWriteUnitsPerRecord: number;
    readonly requestsPerRecord: number;
  };
  /** Of a deployed stack: all that can be told from outside. Deliveries and requests are not counted there, but 0. */
  readonly remote?: {
    readonly pushedPerSecond: number;
    /** The longest from a sentinel's put to its row; undefined: none came. */
    readonly sentinelLagMsMax: number | undefined;
  };
  /** Wall time by stage, milliseconds. */
  readonly stagesMs: Readonly<Record<string, number>>;
  readonly wallMs: number;
}

/** Bumped whenever the shape or meaning of a result changes. */
export const RESULT_VERSION = 2;

export interface RunResult extends Judgement {
  readonly version: typeof RESULT_VERSION;
  readonly options: RunOptions;
  readonly figures: Figures;
  /** Number of differences; the list holds the first of them, explained. */
  readonly differencesTotal: number;
  readonly differences: readonly ExplainedDifference[];
  /** Of a run that can be repeated exactly: the same in every repetition. */
  readonly historyHash: string | undefined;
  /** The last lines that the handler printed. */
  readonly output: readonly string[];
  /** Notes on the run, such as that the handler uses a callback. */
  readonly notes: readonly string[];
  /** The command that repeats the run. */
  readonly repeat: string;
}
