/**
 * Holds a run to its workload's invariants while it goes on: the first violation is told, with the moment
 * at which it happened. It sees every write, and every checkpoint that moves.
 */
import type { HistoryReader } from '../history/history.ts';
import type { EventSource, Row, Watcher } from '../workload/workload.ts';
import { createOutstanding } from './outstanding.ts';

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
  readonly violated: Promise<string>;
}

export function createGuard<Event>(watcher: Watcher<Event>): Guard<Event> {
  const { promise: violated, resolve } = Promise.withResolvers<string>();
  const tell = (violation: string | undefined): void => {
    if (violation !== undefined) resolve(violation);
  };
  let source: EventSource<Event> | undefined;
  let find: (table: string, key: readonly string[]) => Row | undefined = () => undefined;
  const read = createOutstanding(({ event, discarded }) => {
    if (event < 0 || discarded || source === undefined) return;
    tell(watcher.checkpointed(source.at(event), find));
  });

  return {
    read,
    wrote: (table, before, after) => tell(watcher.wrote(table, before, after)),
    committed: () => tell(watcher.committed()),
    begin(history, finder) {
      source = history;
      find = finder;
    },
    violated,
  };
}
