/** Whoever looks at a run while it happens, beside its history: at the tables, and at the difference they make. */
import type { Difference, EventSource, Workload } from '../workload/workload.ts';
import type { World } from '../world/world.ts';

export interface Scene<Event> {
  readonly workload: Workload<Event>;
  readonly source: EventSource<Event>;
  readonly world: Pick<World, 'find' | 'peek'>;
  /** Records that will be pushed. */
  readonly pushes: number;
}

export interface Observer {
  /** All is ready; nothing was pushed yet. */
  begin<Event>(scene: Scene<Event>): void;
  /** What the check found in the end: every difference. */
  checked(differences: readonly Difference[]): void;
}
