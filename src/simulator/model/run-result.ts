/** The result of a run. Only the command line turns it into an exit status. */

import type { RunOptions } from './run-options.ts';
import type { Judgement } from './verdict.ts';
import type { Difference, Explanation } from './workload.ts';

/** An event that bears on a difference, and its deliveries. */
export interface EventTrace {
  /** Index into the canonical history. */
  readonly event: number;
  readonly kind: string;
  readonly subject: string;
  readonly eventId: string;
  readonly origin: string;
  /** One for each record that carried it, in order of arrival. */
  readonly arrivals: readonly {
    /** Position among all records of the run, by order of arrival. */
    readonly position: number;
    readonly shardId: string;
    readonly sequenceNumber: string;
    /** Each invocation that received the record, and how it ended (`success`, `partial`, ...). */
    readonly deliveries: readonly { readonly invocation: number; readonly outcome: string }[];
  }[];
}

export interface ExplainedDifference extends Difference {
  readonly explanation: Explanation;
  /** In canonical order. */
  readonly traces: readonly EventTrace[];
}

export interface Figures {
  readonly disorder: {
    readonly records: number;
    readonly copies: number;
    readonly malformed: number;
    /**
     * The largest distance, in positions, between an event's place in the history and among the
     * pushes.
     */
    readonly displacementMax: number;
  };
  readonly delivery: {
    /** Records delivered to the handler; each delivery counts. */
    readonly deliveredRecords: number;
    readonly batches: number;
    readonly retries: number;
    readonly repeats: number;
    readonly discardedRecords: number;
    readonly outcomes: Readonly<Record<string, number>>;
  };
  /** Workers killed in mid-batch whose invocation ended by it. */
  readonly kills: { readonly asked: number; readonly happened: number };
  /** The faults of the run by name, and how often each happened. */
  readonly faults: Readonly<Record<string, { readonly ratio: number; readonly happened: number }>>;
  /** By name, how often the shipped handler reached a situation. In the memory world only. */
  readonly situations: Readonly<Record<string, number>>;
  /** Rows in the quarantine table at the end; undefined where the view has none. */
  readonly quarantined: number | undefined;
  readonly dynamodb: {
    readonly requests: number;
    readonly requestsByOperation: Readonly<Record<string, number>>;
    readonly errors: Readonly<Record<string, number>>;
    readonly readUnits: number;
    readonly writeUnits: number;
    /** Units of cancelled transactions and failed conditions that DynamoDB does not report. */
    readonly cancelledWriteUnits: number;
    /** (write units + cancelled + read units / 5) per record pushed; index writes included. */
    readonly writeEquivalentsPerRecord: number;
    readonly readUnitsPerRecord: number;
    readonly writeUnitsPerRecord: number;
    readonly cancelledWriteUnitsPerRecord: number;
    readonly requestsPerRecord: number;
  };
  /** Of a deployed stack, whose deliveries and requests can't be observed: they are 0. */
  readonly remote?: {
    readonly pushedPerSecond: number;
    /** The longest time from a sentinel's put to its row; undefined: no sentinel was applied. */
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
  /** The list has the first of them, explained. */
  readonly differencesTotal: number;
  readonly differences: readonly ExplainedDifference[];
  /** Of a run that can be repeated exactly. */
  readonly historyHash: string | undefined;
  /** The last lines that the handler printed. */
  readonly output: readonly string[];
  /** Notes on the run, such as that the handler uses a callback. */
  readonly notes: readonly string[];
  /** The command that repeats the run. */
  readonly repeat: string;
}
