/**
 * Somebody's view, as he describes it: what it takes to disorder a history of its events, deliver it, and
 * say whether the tables are right. Everything else has a default.
 */
import type { Random } from './random.ts';
import type { Row, TableShape, Watcher } from './workload.ts';

export interface Table extends TableShape {
  /** Where the handler finds the table's real name; `TABLE_<NAME>_NAME` unless given. */
  readonly variable?: string;
  /** Holds one row for each malformed record, which is counted instead of compared. */
  readonly quarantine?: true;
}

/** `Entity`: the names of the workload's entities, each of which is an option of its own. */
export type HistoryOptions<Entity extends string> = {
  /** Events to be made. */
  readonly count: number;
  /** Seeded random source, numbers in [0, 1): the only chance there may be. */
  readonly roll: Random;
} & { readonly [Name in Entity]: number };

export interface WorkloadDefinition<Event, Entity extends string> {
  readonly name: string;
  /** By the name that the view has for each. */
  readonly tables: Readonly<Record<string, Table>>;
  /**
   * The kinds of things that events are about, and how many there are in a history of `count` events. Each is an
   * option of `generate`, and a flag: `--entity NAME=COUNT`. Without it, a workload has those of the shipped game.
   */
  entities?(count: number): { readonly [Name in Entity]: number };
  /** `count` events in the order in which the world produced them; the same random source, the same events. */
  generate(options: HistoryOptions<Entity>): readonly Event[];
  /** What copies of one event have in common, and no other event has. */
  identity(event: Event): string;
  /** The record that a producer puts; `copy` is 0 for the first, and counted up for copies. */
  encode(event: Event, copy: number): { partitionKey: string; data: string | Uint8Array };
  /**
   * The rows that each table must have once all these events were applied. Write it as dumb as you can, and
   * not with your handler's code: it is what that is held against.
   */
  reference(events: readonly Event[]): Readonly<Record<string, readonly Row[]>>;
  /** A row as it is compared, or nothing where it equals no row. By default attributes in `_` are left out. */
  comparable?(table: string, row: Row): Row | undefined;
  /** An event in a few words; by default its identity. */
  describe?(event: Event): {
    readonly kind: string;
    /** What it is about, the main thing first: an event is shown beside rows that have one of these in their key. */
    readonly subject: string | readonly string[];
    readonly eventId?: string;
    readonly origin?: string;
  };
  /** The `index`-th malformed record, for `--garbage`; takes a quarantine table. */
  garbage?(roll: Random, index: number): { partitionKey: string; data: string | Uint8Array };
  /** Invariants while a run goes on (`--world memory --invariants`). */
  watch?(): Watcher<Event>;
}
