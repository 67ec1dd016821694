/**
 * All that the simulator knows of a view is one value of this type, its workload. Disorder, push,
 * delivery, checking, search and report work with any workload.
 */

import type { Random } from './random.ts';

/**
 * A DynamoDB item as plain JavaScript: strings, numbers, booleans, null, lists, maps, Uint8Array.
 */
export type Row = Readonly<Record<string, unknown>>;

/** Rows by table, named as in the workload, without a stage. */
export type Tables = ReadonlyMap<string, readonly Row[]>;

/** One table of the view. */
export interface TableDefinition {
  /** The workload's name for it, such as `Balances`. */
  readonly name: string;
  /** The environment variable that holds its real name, such as `TABLE_BALANCES_NAME`. */
  readonly environmentVariable: string;
  /** Attribute names of the primary key, partition key first. */
  readonly key: readonly string[];
  /** Whether its rows are compared with the reference; those of a quarantine table are not. */
  readonly compared: boolean;
  /** Whether it holds one row for each malformed record. */
  readonly quarantine?: true;
  /** What it takes to create the table; undefined: its definition is in the project's own stack. */
  readonly shape?: TableShape;
}

/** Types of key attributes: string, number, binary. */
export type KeyType = 'S' | 'N' | 'B';

/** The attributes of a key and their types: the partition key, then optionally a sort key. */
export type Key = Readonly<Record<string, KeyType>>;

export interface TableShape {
  /** The primary key. */
  readonly key: Key;
  /** Global secondary indexes by name. */
  readonly indexes?: Readonly<Record<string, IndexShape>>;
}

export interface IndexShape {
  readonly key: Key;
  /** Project the keys alone, instead of whole items. */
  readonly keysOnly?: boolean;
}

/** A record as a producer puts it onto the stream. */
export interface StreamPayload {
  readonly partitionKey: string;
  readonly data: Uint8Array;
}

/**
 * A canonical history: the events in the order in which they were produced. `at` is pure and takes
 * microseconds, so that a history of a million events need not be in memory.
 */
export interface EventSource<Event> {
  readonly length: number;
  at(index: number): Event;
}

/** How many of each kind of thing a history is about, by name: `{ accounts: 20, branches: 3 }`. */
export type Entities = Readonly<Record<string, number>>;

export interface GenerateOptions {
  /** Events in the canonical history, before copies. */
  readonly count: number;
  /** Those that are not named here have the workload's default for so many events. */
  readonly entities?: Entities;
}

/** A row that differs from the reference; `undefined` where there is no such row. */
export interface Difference {
  readonly table: string;
  /** The key's attribute values, in the order of the table's `key`. */
  readonly key: readonly string[];
  readonly expected: Row | undefined;
  readonly actual: Row | undefined;
}

/** What a report shows beside a difference. */
export interface Explanation {
  /** The cause as far as it can be told from the history, in one line. */
  readonly headline: string;
  /** Indexes into the history of the events that affect the row, in canonical order. */
  readonly events: readonly number[];
}

/**
 * Reads a row as it is at this moment. `key`: the attribute values in the order of the table's key.
 */
export type ReadRow = (table: string, key: readonly string[]) => Row | undefined;

/** An invariant that the tables violate. */
export interface BrokenInvariant {
  /** The same for every violation of this invariant, such as `balance-not-negative`. */
  readonly invariant: string;
  /** One line about the rows in question. */
  readonly message: string;
}

/**
 * Checks the invariants of one run while its tables are written. Each method returns the first
 * violation, or undefined.
 */
export interface Watcher<Event> {
  /**
   * An item of one of the workload's tables was written; undefined: it did not exist before, or was
   * deleted.
   */
  wrote(
    table: string,
    before: Row | undefined,
    after: Row | undefined,
  ): BrokenInvariant | undefined;
  /** Everything that was written since the last call became visible atomically. */
  committed(): BrokenInvariant | undefined;
  /**
   * The event source mapping has moved its checkpoint past this event and will not deliver it
   * again.
   */
  checkpointed(event: Event, readRow: ReadRow): BrokenInvariant | undefined;
}

/** What it takes to tell the rows of a run from others in the same tables. */
export interface SharedTables<Event> {
  /** The same workload, with this prefix in front of every id in its rows. */
  marked(mark: string): Workload<Event>;
  /** The text of a row that begins with the mark of its run. */
  markOf(table: string, row: Row): string;
  /** An event whose row shows that it was applied. `name` begins with a mark. */
  sentinel(name: string): {
    readonly payload: StreamPayload;
    readonly table: string;
    /** The values of the table's key attributes, by name. */
    readonly key: Readonly<Record<string, string>>;
  };
}

/** A ranking that the tables contain. */
export interface Leaderboard {
  readonly title: string;
  /** What `value` is, as the title of its column. */
  readonly measure: string;
  /** The best first. */
  readonly places: readonly { readonly name: string; readonly value: number }[];
}

/** What a history means for one thing that it is about. */
export interface Sheet {
  readonly title: string;
  /** One line each. */
  readonly facts: readonly string[];
  /** The titles of the columns; the last one holds sentences, the others ids and numbers. */
  readonly columns: readonly string[];
  readonly rows: readonly SheetRow[];
}

export interface SheetRow {
  readonly cells: readonly string[];
  /** Shown even where there are too many rows to show all. */
  readonly isKey?: true;
}

/** The sheets of one kind of thing. */
export interface Sheets {
  ids(): Iterable<string>;
  of(id: string): Sheet | undefined;
}

/** An event as reports show it. */
export interface EventDescription {
  readonly kind: string;
  /** The id of the thing that it is about. */
  readonly subject: string;
  readonly eventId: string;
  /** Who caused it. */
  readonly origin: string;
}

export interface Workload<Event> {
  readonly name: string;
  readonly tables: readonly TableDefinition[];
  /**
   * Every kind of thing that its histories are about, and the default number in one of `count`
   * events.
   */
  entities(count: number): Entities;
  /** The same seed and options give the same history, on every machine. */
  generate(seed: string, options: GenerateOptions): EventSource<Event>;
  /** The same for all copies of one event, and different for any two events. */
  identity(event: Event): string;
  /**
   * The record of an event. `copy` 0 is the first; copies may differ where the domain lets them.
   */
  encode(event: Event, copy: number): StreamPayload;
  /**
   * The `index`-th malformed record of a seed. The handler must quarantine it, whatever its kind.
   */
  garbage(seed: string, index: number): StreamPayload & { readonly kind: string };
  /** The rows that the tables must hold once all of these events were applied. Pure. */
  reference(events: Iterable<Event>): Tables;
  /** A row without its bookkeeping, as it is compared; `undefined` if it is equal to no row. */
  comparable(table: string, row: Row): Row | undefined;
  describe(event: Event): EventDescription;
  /** The likely cause of a difference. */
  explain(difference: Difference, history: EventSource<Event>): Explanation;
  /** What can be explained of a history, by kind of thing, such as `account`. */
  sheets(history: EventSource<Event>): Readonly<Record<string, Sheets>>;

  /**
   * Returns a predicate for the rows that may depend on any of these events; without it, every row
   * may.
   */
  bearOn?(
    events: ReadonlySet<number>,
    history: EventSource<Event>,
  ): (difference: Difference) => boolean;
  /** The invariants of a run. */
  watch?(): Watcher<Event>;
  /** The rankings in rows as they are compared. */
  leaderboard?(tables: Tables): readonly Leaderboard[];
  /** For runs in the tables of a deployed stack. */
  readonly shared?: SharedTables<Event>;
  /** For events that are read from a file: what is wrong with one; undefined: it is valid. */
  eventError?(event: unknown): string | undefined;
  /**
   * For searches: a history of a few events that interact as much as possible. Default: a generated
   * one.
   */
  smallHistory?(random: Random, options: GenerateOptions): readonly Event[];
  /**
   * For searches: limits of the shipped handler, by its own names, that a small history reaches.
   */
  smallLimits?(random: Random): Readonly<Record<string, number>>;
  /** For exhaustive search: histories of a few events, by name. */
  readonly namedHistories?: Readonly<Record<string, readonly Event[]>>;
}
