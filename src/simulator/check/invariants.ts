/**
 * Holds a run to its workload's invariants while it goes on: the first violation is told, with the moment
 * at which it happened. It sees every write, and every checkpoint that moves.
 */
import type { HistoryReader } from '../history/history.ts';
import type { EventSource, Row, Watcher } from '../model/workload.ts';
import { createOutstanding } from './not-checkpointed.ts';

export interface Violation {
  /** What was seen when, without names and numbers: the same for the same invariant. */
  readonly kind: string;
  readonly text: string;
}

export interface Guard<Event> {
  readonly read: HistoryReader;
  /** For the world: an item was written, and what was written became visible. */
  wrote(table: string, before: Row | undefined, after: Row | undefined): void;
  committed(): void;
  /** Without them, checkpoints can't be judged. */
  begin(
    source: EventSource<Event>,
    find: (table: string, key: readonly string[]) => Row | undefined,
  ): void;
  /** Resolves with the first violation. */
  readonly violated: Promise<Violation>;
}

export function createGuard<Event>(
  watcher: Watcher<Event>,
  describe: (event: Event) => { readonly kind: string },
): Guard<Event> {
  const { promise: violated, resolve } = Promise.withResolvers<Violation>();
  const tell = (text: string | undefined, when: () => string): void => {
    if (text !== undefined) resolve({ kind: when(), text });
  };
  let source: EventSource<Event> | undefined;
  let find: (table: string, key: readonly string[]) => Row | undefined = () => undefined;
  const read = createOutstanding(({ event, discarded }) => {
    if (event < 0 || discarded || source === undefined) return;
    const passed = source.at(event);
    tell(
      watcher.checkpointed(passed, find),
      () => `when a ${describe(passed).kind} is acknowledged`,
    );
  });

  return {
    read,
    wrote: (table, before, after) =>
      tell(watcher.wrote(table, before, after), () => `when ${table} is written`),
    committed: () => tell(watcher.committed(), () => 'when a write can be seen'),
    begin(history, finder) {
      source = history;
      find = finder;
    },
    violated,
  };
}
