/**
 * A view as its owner describes it: what it takes to generate a history, disorder and deliver it,
 * and to check the tables. Everything else has a default.
 */
import type { Random } from './random.ts';
import type { Services, Variables } from './services.ts';
import type { Row, TableShape, Watcher } from './workload.ts';

/** A table: its primary key and indexes, and how the handler finds it. */
export interface Table extends TableShape {
  /** The environment variable that holds the table's real name. Default: `TABLE_<NAME>_NAME`. */
  readonly variable?: string;
  /** The table holds one row for each malformed record; its rows are counted and not compared. */
  readonly quarantine?: true;
}

/**
 * The argument of `generate`: besides `count` and `roll`, one number for each entity of the
 * workload, under the entity's own name.
 */
export type HistoryOptions<Entity extends string> = {
  /** The number of events to make. */
  readonly count: number;
  /**
   * Seeded random source, numbers in [0, 1). The only source of randomness that `generate` may use.
   */
  readonly roll: Random;
} & { readonly [Name in Entity]: number };

/** A record as a producer puts it. */
export interface EncodedRecord {
  /** 1 to 256 characters. */
  readonly partitionKey: string;
  /** A string is encoded as UTF-8. */
  readonly data: string | Uint8Array;
}

/** `Entity`: the names of the workload's entities, such as `'accounts' | 'branches'`. */
export interface WorkloadDefinition<Event, Entity extends string> {
  /** Shown in reports, and checked when a counterexample is replayed. */
  readonly name: string;
  /** The view's tables, by the workload's own names: `{ Balances: { key: { account: 'S' } } }`. */
  readonly tables: Readonly<Record<string, Table>>;
  /**
   * What other services answer, by service and operation: `{ ssm: { GetParameter: ({ Name }) => ({ Parameter: { Name,
   * Value: 'x' } }) } }`. Requests that only send something (SQS, SNS, EventBridge, ...) need no answer of yours; one
   * that reads ends the run unless it has one. A service that is not AWS's is named by its host.
   */
  readonly services?: Services;
  /** Environment variables of the handler, beside the tables' names and those that Lambda sets. */
  readonly environment?: Variables;
  /** Hosts to which the handler may really connect in the local world: `localhost:6379`, `*.example.com`. */
  readonly allow?: readonly string[];
  /**
   * The kinds of things that events are about, with the default number of each in a history of
   * `count` events: `(count) => ({ accounts: Math.ceil(count / 50) })`. Each is an option of
   * `generate`, and can be set with `--entity NAME=COUNT`. Default: the entities of the shipped
   * workload.
   */
  entities?(count: number): { readonly [Name in Entity]: number };
  /**
   * Returns exactly `count` events, in the order in which they were produced. It is called twice,
   * and the run is refused if the events differ: all randomness must come from `roll`.
   */
  generate(options: HistoryOptions<Entity>): readonly Event[];
  /**
   * Returns a text that is the same for all copies of one event, and different for any two events.
   */
  identity(event: Event): string;
  /** The record of an event. `copy` is 0 for the first record, and 1, 2, ... for its copies. */
  encode(event: Event, copy: number): EncodedRecord;
  /**
   * The rows that each table must hold once all of these events were applied, by table. Each event
   * is in the list once, in the order of `generate`. Keep it simple, and share no code with the
   * handler: it is what the handler is checked against, so a mistake that both make is never found.
   */
  reference(events: readonly Event[]): Readonly<Record<string, readonly Row[]>>;
  /**
   * A row as it is compared; undefined if it is equal to no row. `table` is the workload's own
   * name. Default: the row without the attributes whose names begin with `_`.
   */
  comparable?(table: string, row: Row): Row | undefined;
  /** An event as reports show it. Default: the workload's name and the event's identity. */
  describe?(event: Event): {
    /** What happened, such as `transfer`. */
    readonly kind: string;
    /**
     * The ids of what it is about, the main one first. Events explain the rows that have one of
     * their subjects in the key.
     */
    readonly subject: string | readonly string[];
    /** Default: the event's identity. */
    readonly eventId?: string;
    /** Who caused it. */
    readonly origin?: string;
  };
  /**
   * The `index`-th malformed record, for `--garbage`. The workload needs a table with `quarantine:
   * true`.
   */
  garbage?(roll: Random, index: number): EncodedRecord;
  /**
   * Returns a new watcher for each run, which checks invariants; for `--world memory --invariants`.
   */
  watch?(): Watcher<Event>;
}
