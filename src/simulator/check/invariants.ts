/**
 * Holds a run to the invariants of its workload while it goes on: at every write, every commit and
 * every checkpoint. It reports the first violation at the moment at which it happens.
 */
import type { HistoryReader } from '../history/history.ts';
import type { InvariantFailure, WatchPoint } from '../model/failure.ts';
import type { BrokenInvariant, EventSource, ReadRow, Row, Watcher } from '../model/workload.ts';
import { createNotCheckpointed } from './not-checkpointed.ts';

export interface Invariants<Event> {
  readonly read: HistoryReader;
  /** The world calls it for each item that is written. */
  wrote(table: string, before: Row | undefined, after: Row | undefined): void;
  /** The world calls it when all that was written is visible. */
  committed(): void;
  /** Checkpoints are judged from here on. */
  begin(source: EventSource<Event>, readRow: ReadRow): void;
  /** Resolves with the first violation; rejects with what the watcher throws. */
  readonly violated: Promise<InvariantFailure>;
}

export type Describe<Event> = (event: Event) => { readonly kind: string };

export function createInvariants<Event>(
  watcher: Watcher<Event>,
  describe: Describe<Event>,
): Invariants<Event> {
  const { promise: violated, resolve, reject } = Promise.withResolvers<InvariantFailure>();
  violated.catch(() => {});
  const report = (watch: () => InvariantFailure | undefined): void => {
    try {
      const failure = watch();
      if (failure !== undefined) resolve(failure);
    } catch (error) {
      // Thrown here, it would look like an error of the handler whose write is being watched.
      reject(error);
    }
  };
  const watched = watchPoints(watcher, describe);
  let source: EventSource<Event> | undefined;
  let readRow: ReadRow = () => undefined;
  const read = createNotCheckpointed(({ event, discarded }) => {
    if (event < 0 || discarded || source === undefined) return;
    const passed = source.at(event);
    report(() => watched.checkpointed(passed, readRow));
  });
  return {
    read,
    wrote: (table, before, after) => report(() => watched.wrote(table, before, after)),
    committed: () => report(() => watched.committed()),
    begin(events, reader) {
      source = events;
      readRow = reader;
    },
    violated,
  };
}

export interface WatchPoints<Event> {
  wrote(
    table: string,
    before: Row | undefined,
    after: Row | undefined,
  ): InvariantFailure | undefined;
  committed(): InvariantFailure | undefined;
  checkpointed(event: Event, readRow: ReadRow): InvariantFailure | undefined;
}

/** A watcher that also says where it found what it found. */
export function watchPoints<Event>(
  watcher: Watcher<Event>,
  describe: Describe<Event>,
): WatchPoints<Event> {
  return {
    wrote: (table, before, after) =>
      failure(watcher.wrote(table, before, after), { type: 'write', table }),
    committed: () => failure(watcher.committed(), { type: 'commit' }),
    checkpointed(event, readRow) {
      const broken = watcher.checkpointed(event, readRow);
      return broken && failure(broken, { type: 'checkpoint', eventKind: describe(event).kind });
    },
  };
}

function failure(
  broken: BrokenInvariant | undefined,
  watchPoint: WatchPoint,
): InvariantFailure | undefined {
  if (broken === undefined) return undefined;
  const { invariant, message } = broken;
  return { kind: 'invariant', watchPoint, invariant, message };
}
