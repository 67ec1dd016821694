/**
 * Convergence over time: rows of the tables, read at a few moments of the run, beside what they must say
 * by then and in the end. Rows are read between invocations and compared when the run is over, so that
 * it is not held up.
 */

import type { HistoryReader } from '../history/history.ts';
import type { ObservedRun, Observer } from '../model/observer.ts';
import type { Difference, Row, Tables, Workload } from '../model/workload.ts';
import { createDelivered } from './delivered.ts';
import { sameValue } from './equality.ts';

export interface Convergence {
  /** Why there are no points. */
  readonly without: string | undefined;
  /** Rows that are looked at, of as many in the reference: chosen evenly. */
  readonly rowsRead: number;
  readonly rowsTotal: number;
  readonly points: readonly {
    readonly atMs: number;
    readonly deliveredEvents: number;
    /** Rows, of those looked at, that are not as the events delivered so far, and all events, want them. */
    readonly fromSoFar: number;
    readonly fromFinal: number;
  }[];
  /** Rows that are wrong in the end, by `rowName`: what they said over time. */
  readonly rows: ReadonlyMap<string, readonly RowMoment[]>;
  readonly reference: Tables | undefined;
  readonly differences: readonly Difference[];
}

export interface RowMoment {
  readonly atMs: number;
  readonly row: Row | undefined;
  /** What the events delivered by then want. */
  readonly wanted: Row | undefined;
  readonly isAsWanted: boolean;
}

/** The first moment from which on the row was never again as it was wanted; as many as there are: none. */
export function leftAt(moments: readonly Pick<RowMoment, 'isAsWanted'>[]): number {
  return moments.findLastIndex(({ isAsWanted }) => isAsWanted) + 1;
}

export function rowName(table: string, key: readonly string[]): string {
  return JSON.stringify([table, ...key]);
}

export interface ConvergenceObserver extends Observer {
  readonly read: HistoryReader;
  finish(): Promise<Convergence>;
}

/** More events, and the reference computations would take longer than people like. */
const EVENTS_MAX = 100_000;
const ROWS_MAX = { peeking: 300, finding: 2_000 };
const SAMPLES_MAX = { peeking: 15, finding: 40 };
/** Each look costs a computation of the reference. */
const SAMPLES_MAX_LARGE = 12;
const LARGE_EVENTS = 20_000;

interface WatchedRow {
  readonly table: string;
  readonly keyRow: Row;
  readonly key: readonly string[];
  readonly name: string;
}

interface Sample {
  readonly atMs: number;
  readonly deliveredEvents: number;
  readonly rows: readonly (Row | undefined)[];
}

export function createConvergence(): ConvergenceObserver {
  const delivered = createDelivered();
  let watching: Watching | undefined;
  let without: string | undefined = 'the run ended before anything was delivered';
  let differences: readonly Difference[] = [];
  return {
    begin(run) {
      if (run.source.length > EVENTS_MAX) {
        without = `runs of over ${EVENTS_MAX.toLocaleString('en-US')} events are compared at their end only`;
        return;
      }
      without = undefined;
      watching = watch(run as ObservedRun<unknown>);
    },
    read(record) {
      if (watching === undefined) return;
      delivered.read(record);
      if (record.type === 'answered') watching.answered(record.atMs, delivered.order.length);
    },
    checked(found) {
      differences = found;
    },
    async finish() {
      if (watching === undefined) {
        const none = { rowsRead: 0, rowsTotal: 0, points: [], rows: new Map() };
        return { ...none, without, reference: undefined, differences };
      }
      const samples = await watching.samples();
      return { ...watching.compare(samples, delivered.order, differences), without, differences };
    },
  };
}

type Watching = ReturnType<typeof watch>;

function watch<Event>({ workload, source, rows, pushes }: ObservedRun<Event>) {
  const how = rows.readRow === undefined ? 'peeking' : 'finding';
  // Made once: they are wanted again at each look.
  const events = Array.from({ length: source.length }, (_, index) => source.at(index));
  const reference = workload.reference(events);
  const all = rowsOf(workload, reference);
  const stride = Math.max(1, Math.ceil(all.length / ROWS_MAX[how]));
  const watched = all.filter((_, index) => index % stride === 0);
  const samplesMax = source.length > LARGE_EVENTS ? SAMPLES_MAX_LARGE : SAMPLES_MAX[how];
  const step = pushes / samplesMax;
  const taken: Promise<Sample | undefined>[] = [];
  let lastAt = 0;
  let isReading = false;

  const look = async (atMs: number, deliveredEvents: number): Promise<Sample | undefined> => {
    const { readRow } = rows;
    if (readRow !== undefined) {
      return { atMs, deliveredEvents, rows: watched.map(({ table, key }) => readRow(table, key)) };
    }
    isReading = true;
    try {
      return { atMs, deliveredEvents, rows: (await rows.readRows?.(watched)) ?? [] };
    } catch {
      // The world is closing: one point fewer.
      return undefined;
    } finally {
      isReading = false;
    }
  };
  return {
    answered(atMs: number, deliveredEvents: number): void {
      const isLast = deliveredEvents === source.length;
      if (isReading || deliveredEvents === lastAt) return;
      if (!isLast && deliveredEvents - lastAt < step) return;
      lastAt = deliveredEvents;
      taken.push(look(atMs, deliveredEvents));
    },
    async samples(): Promise<readonly Sample[]> {
      return (await Promise.all(taken)).filter((sample) => sample !== undefined);
    },
    compare(
      samples: readonly Sample[],
      order: readonly number[],
      differences: readonly Difference[],
    ) {
      const final = byName(workload, reference);
      const wrong = new Set(differences.map(({ table, key }) => rowName(table, key)));
      const rows = new Map<string, RowMoment[]>();
      const points = samples.map(({ atMs, deliveredEvents, rows: read }) => {
        // In canonical order, as the reference of the whole is.
        const delivered = Uint32Array.from(order.slice(0, deliveredEvents)).sort();
        const soFar = byName(
          workload,
          workload.reference(Array.from(delivered, (index) => events[index] as Event)),
        );
        const point = { atMs, deliveredEvents, fromSoFar: 0, fromFinal: 0 };
        for (const [index, { table, name }] of watched.entries()) {
          const stored = read[index];
          const row = stored && workload.comparable(table, stored);
          const wanted = soFar.get(name);
          const isAsWanted = sameValue(wanted, row);
          if (!isAsWanted) point.fromSoFar++;
          if (!sameValue(final.get(name), row)) point.fromFinal++;
          if (!wrong.has(name)) continue;
          const moments = rows.get(name) ?? [];
          rows.set(name, moments);
          moments.push({ atMs, row, wanted, isAsWanted });
        }
        return point;
      });
      return { points, rows, reference, rowsRead: watched.length, rowsTotal: all.length };
    },
  };
}

function rowsOf<Event>(workload: Workload<Event>, tables: Tables): WatchedRow[] {
  return workload.tables
    .filter(({ compared }) => compared)
    .flatMap(({ name: table, key: names }) =>
      (tables.get(table) ?? []).map((row) => {
        const key = names.map((name) => String(row[name]));
        const keyRow = Object.fromEntries(names.map((name) => [name, row[name]]));
        return { table, keyRow, key, name: rowName(table, key) };
      }),
    );
}

function byName<Event>(workload: Workload<Event>, tables: Tables): Map<string, Row | undefined> {
  const rows = new Map<string, Row | undefined>();
  for (const { name: table, key } of workload.tables) {
    for (const row of tables.get(table) ?? []) {
      const name = rowName(
        table,
        key.map((attribute) => String(row[attribute])),
      );
      rows.set(name, workload.comparable(table, row));
    }
  }
  return rows;
}
