/** Whoever looks at a run while it happens, beside its history: at the tables, and at the difference they make. */
import type { Difference, EventSource, Row, Workload } from './workload.ts';

/** A way to look at rows during a run, as a world may have one. */
export interface Sight {
  /** One row, as of this very moment, where the world can look without asking. */
  find?(table: string, key: readonly string[]): Row | undefined;
  /** These rows as of about now, where the world must ask: apart from the run, whose figures it doesn't touch. */
  peek?(
    keys: readonly { readonly table: string; readonly keyRow: Row }[],
  ): Promise<readonly (Row | undefined)[]>;
}

export interface Scene<Event> {
  readonly workload: Workload<Event>;
  readonly source: EventSource<Event>;
  readonly world: Sight;
  /** Records that will be pushed. */
  readonly pushes: number;
}

export interface Observer {
  /** All is ready; nothing was pushed yet. */
  begin<Event>(scene: Scene<Event>): void;
  /** What the check found in the end: every difference. */
  checked(differences: readonly Difference[]): void;
}
