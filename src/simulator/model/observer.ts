/**
 * Observers of a run, beside its history: they read rows while it goes on, and get the differences
 * at its end.
 */
import type { Difference, EventSource, ReadRow, Row, Workload } from './workload.ts';

/** Reads rows during a run; a world has one way or the other. */
export interface RowReader {
  /** Where the world holds the tables itself. */
  readonly readRow?: ReadRow;
  /** By requests of their own, which the figures of the run don't count. */
  readRows?(
    rows: readonly { readonly table: string; readonly keyRow: Row }[],
  ): Promise<readonly (Row | undefined)[]>;
}

export interface ObservedRun<Event> {
  readonly workload: Workload<Event>;
  readonly source: EventSource<Event>;
  readonly rows: RowReader;
  /** How many records will be pushed. */
  readonly pushes: number;
}

export interface Observer {
  /** Called before the first push. */
  begin<Event>(run: ObservedRun<Event>): void;
  /** Called with every difference that the check found. */
  checked(differences: readonly Difference[]): void;
}
