/**
 * All that the simulator knows of somebody's view is one value of this type. Disorder, push,
 * delivery, checking and report are about any workload.
 */

import type { Random } from './random.ts';

/** A DynamoDB item as plain JavaScript: strings, numbers, booleans, null, lists, maps, Uint8Array. */
export type Row = Readonly<Record<string, unknown>>;

/** Rows by table name (the workload's own names, without a stage). */
export type Tables = ReadonlyMap<string, readonly Row[]>;

/** One table of the view. */
export interface TableDefinition {
  /** The workload's name for it, such as `Scores`. */
  readonly name: string;
  /** Where the handler finds its real name, such as `TABLE_SCORES_NAME`. */
  readonly environmentVariable: string;
  /** Attribute names of the primary key, partition key first. */
  readonly key: readonly string[];
  /** Whether its rows are compared with the reference; a quarantine's are not. */
  readonly compared: boolean;
  /** Whether it holds one row for each malformed record. */
  readonly quarantine?: true;
  /** What it takes to create it; undefined: as the project's own stack has it. */
  readonly shape?: TableShape;
}

export type KeyType = 'S' | 'N' | 'B';

/** The attributes of a key and their types, partition key first, then perhaps a sort key. */
export type Key = Readonly<Record<string, KeyType>>;

export interface TableShape {
  readonly key: Key;
  /** Global secondary indexes by name; each holds whole rows unless it says `keysOnly`. */
  readonly indexes?: Readonly<Record<string, IndexShape>>;
}

export interface IndexShape {
  readonly key: Key;
  readonly keysOnly?: boolean;
}

/** What goes onto the stream. */
export interface StreamPayload {
  readonly partitionKey: string;
  readonly data: Uint8Array;
}

/**
 * A canonical history: the events in the order in which the world produced them. Random access and
 * lazy, so that a million events need no memory: `at` is pure, and costs microseconds.
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
  /** What is not named here is as many as the workload has for so many events. */
  readonly entities?: Entities;
}

/** A row that is not as the reference says; `undefined` where there is no such row. */
export interface Difference {
  readonly table: string;
  /** The key's attribute values, in the order of the definition's `key`. */
  readonly key: readonly string[];
  readonly expected: Row | undefined;
  readonly actual: Row | undefined;
}

/** What a person needs beside a difference: whose it is, and which events bear on it. */
export interface Explanation {
  /** One line, such as `product 7749361: creator is A, but B's product/create has the least event id`. */
  readonly headline: string;
  /** Indexes into the history of the events that bear on it, in canonical order. */
  readonly events: readonly number[];
}

/**
 * Watches the tables of one run while they are written, and says what must never be so, not even for a
 * moment. Each answer is one line, or undefined where all is well.
 */
export interface Watcher<Event> {
  /** An item was written in one of the workload's tables; undefined: there was, or is, none. */
  wrote(table: string, before: Row | undefined, after: Row | undefined): string | undefined;
  /** All that was written since the last time became visible at once. */
  committed(): string | undefined;
  /** The event source mapping has gone past this event: it will not be delivered again. */
  checkpointed(
    event: Event,
    find: (table: string, key: readonly string[]) => Row | undefined,
  ): string | undefined;
}

/** What it takes to tell a run's rows from others in the same tables. */
export interface SharedTables<Event> {
  /** The same workload, with this text in front of everything that its rows are known by. */
  marked(mark: string): Workload<Event>;
  /** The text of a row that begins with the mark of the run that made it. */
  markOf(table: string, row: Row): string;
  /** An event whose row shows that it was applied. Its name begins with a mark. */
  sentinel(name: string): {
    readonly payload: StreamPayload;
    readonly table: string;
    /** The values of the table's key attributes, by name. */
    readonly key: Readonly<Record<string, string>>;
  };
}

/** Who leads, by one measure: the best first. */
export interface Leaderboard {
  readonly title: string;
  readonly places: readonly { readonly name: string; readonly score: number }[];
}

/** What a person asks about: what events are about, or whoever they are by. */
export type Asked = 'product' | 'user';

/** What events mean for one product or user, as a person reads it. */
export interface Sheet {
  readonly title: string;
  /** A line each. */
  readonly facts: readonly string[];
  /** The titles of the columns; the last one holds sentences, the others ids and numbers. */
  readonly columns: readonly string[];
  readonly rows: readonly SheetRow[];
}

export interface SheetRow {
  readonly cells: readonly string[];
  /** Shown even where there are too many. */
  readonly isKey?: true;
}

export interface Sheets {
  /** All that there is a sheet of. */
  ids(): Iterable<string>;
  of(id: string): Sheet | undefined;
}

export interface Workload<Event> {
  readonly name: string;
  readonly tables: readonly TableDefinition[];
  /** Every kind of thing that its histories are about, and how many there are in one of `count` events. */
  entities(count: number): Entities;
  /** The same seed and options give the same history, on every machine. */
  generate(seed: string, options: GenerateOptions): EventSource<Event>;
  /** For searches, where there is one: a history of a few events in which as much as can be meets. */
  small?(random: Random, options: GenerateOptions): readonly Event[];
  /** Copies of one event have one identity. */
  identity(event: Event): string;
  /** The record of an event; `copy` 0 is the first, others may differ as the domain lets copies differ. */
  encode(event: Event, copy: number): StreamPayload;
  /** The `index`-th malformed record of a seed; many kinds, all of which the handler must quarantine. */
  garbage(seed: string, index: number): StreamPayload & { readonly kind: string };
  /** What the tables must say once every one of these events has been applied. Pure, and dumb. */
  reference(events: Iterable<Event>): Tables;
  /** A row as it is compared: bookkeeping removed; `undefined` if it equals no row. */
  comparable(table: string, row: Row): Row | undefined;
  /** Tells the rows that may depend on any of these events from those that can't. */
  bearOn?(
    events: ReadonlySet<number>,
    history: EventSource<Event>,
  ): (difference: Difference) => boolean;
  /** For runs in the tables of a deployed stack. */
  readonly shared?: SharedTables<Event>;
  /** The invariants of a run, where the workload has any. */
  watch?(): Watcher<Event>;
  /** Why a person may believe the reference. */
  explain(difference: Difference, history: EventSource<Event>): Explanation;
  /** What a history means for one product or user. */
  sheets(asked: Asked, history: EventSource<Event>): Sheets;
  /** Who wins, where the view is about that: from rows as they are compared. */
  leaderboard?(tables: Tables): readonly Leaderboard[];
  /** An event in a few words for a table on a terminal: kind, subject, event id, who. */
  describe(event: Event): {
    readonly kind: string;
    readonly subject: string;
    readonly eventId: string;
    readonly origin: string;
  };
}
