/**
 * Convergence over time: rows read at a few moments of the run, beside what they must be by then
 * and at the end. Rows are read between invocations and compared after the run, so that it isn't
 * delayed.
 */

import type { HistoryReader } from '../history/history.ts';
import type { ObservedRun, Observer } from '../model/observer.ts';
import type { Difference, Row, Tables, Workload } from '../model/workload.ts';
import { createDelivered } from './delivered.ts';
import { sameValue } from './equality.ts';

export interface Convergence {
  /** Why there are no points. */
  readonly without: string | undefined;
  /** Rows that are read, chosen evenly from all rows of the reference. */
  readonly rowsRead: number;
  readonly rowsTotal: number;
  readonly points: readonly ConvergencePoint[];
  /** Rows that are wrong at the end, by `rowName`: what they were over time. */
  readonly rows: ReadonlyMap<string, readonly RowMoment[]>;
  readonly reference: Tables | undefined;
  readonly differences: readonly Difference[];
}

export interface ConvergencePoint {
  readonly atMs: number;
  readonly deliveredEvents: number;
  /**
   * How many of the rows differ from the reference of the events delivered so far, and of all
   * events.
   */
  readonly fromSoFar: number;
  readonly fromFinal: number;
}

export interface RowMoment {
  readonly atMs: number;
  readonly row: Row | undefined;
  /** By the reference of the events delivered by then. */
  readonly wanted: Row | undefined;
  readonly isRight: boolean;
}

/** The first moment from which on the row was never right again; their number if there is none. */
export function divergedAt(moments: readonly Pick<RowMoment, 'isRight'>[]): number {
  return moments.findLastIndex(({ isRight }) => isRight) + 1;
}

export function rowName(table: string, key: readonly string[]): string {
  return JSON.stringify([table, ...key]);
}

export interface ConvergenceObserver extends Observer {
  readonly read: HistoryReader;
  finish(): Promise<Convergence>;
}

/** With more events, computing the references takes too long. */
const EVENTS_MAX = 100_000;

export function createConvergence(): ConvergenceObserver {
  const delivered = createDelivered();
  let sampler: Sampler | undefined;
  let without: string | undefined = 'the run ended before anything was delivered';
  let differences: readonly Difference[] = [];
  return {
    begin(run) {
      if (run.source.length > EVENTS_MAX) {
        without = `runs of over ${EVENTS_MAX.toLocaleString('en-US')} events are compared at their end only`;
        return;
      }
      without = undefined;
      sampler = createSampler(run as ObservedRun<unknown>);
    },
    read(record) {
      if (sampler === undefined) return;
      delivered.read(record);
      if (record.type === 'answered') sampler.answered(record.atMs, delivered.order.length);
    },
    checked(found) {
      differences = found;
    },
    async finish() {
      if (sampler === undefined) {
        const none = { rowsRead: 0, rowsTotal: 0, points: [], rows: new Map() };
        return { ...none, without, reference: undefined, differences };
      }
      const compared = await sampler.compare(delivered.order, differences);
      return { ...compared, without, differences };
    },
  };
}

/** By whether the world reads rows at once or by requests. */
const ROWS_MAX = { atOnce: 2_000, byRequests: 300 };
const SAMPLES_MAX = { atOnce: 40, byRequests: 15 };
/** Each sample takes a computation of the reference. */
const SAMPLES_MAX_LARGE = 12;
const LARGE_EVENTS = 20_000;

interface SampledRow {
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

type Sampler = ReturnType<typeof createSampler>;

function createSampler<Event>({ workload, source, rows: reader, pushes }: ObservedRun<Event>) {
  const how = reader.readRow === undefined ? 'byRequests' : 'atOnce';
  // Made once, because each sample takes them.
  const events = Array.from({ length: source.length }, (_, index) => source.at(index));
  const reference = workload.reference(events);
  const all = rowsOf(workload, reference);
  const stride = Math.max(1, Math.ceil(all.length / ROWS_MAX[how]));
  const rows = all.filter((_, index) => index % stride === 0);
  const samplesMax = source.length > LARGE_EVENTS ? SAMPLES_MAX_LARGE : SAMPLES_MAX[how];
  const step = pushes / samplesMax;
  const taken: Promise<Sample | undefined>[] = [];
  let lastAt = 0;
  let isReading = false;

  const take = async (atMs: number, deliveredEvents: number): Promise<Sample | undefined> => {
    const { readRow } = reader;
    if (readRow !== undefined) {
      return { atMs, deliveredEvents, rows: rows.map(({ table, key }) => readRow(table, key)) };
    }
    isReading = true;
    try {
      return { atMs, deliveredEvents, rows: (await reader.readRows?.(rows)) ?? [] };
    } catch {
      // The world is closing: there is one point fewer.
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
      taken.push(take(atMs, deliveredEvents));
    },
    async compare(order: readonly number[], differences: readonly Difference[]) {
      const samples = (await Promise.all(taken)).filter((sample) => sample !== undefined);
      const parts = { workload, events, reference, sampled: rows, order, differences };
      const compared = compareSamples(samples, parts);
      return { ...compared, reference, rowsRead: rows.length, rowsTotal: all.length };
    },
  };
}

interface CompareParts<Event> {
  readonly workload: Workload<Event>;
  readonly events: readonly Event[];
  readonly reference: Tables;
  readonly sampled: readonly SampledRow[];
  /** Events in the order in which they were delivered. */
  readonly order: readonly number[];
  readonly differences: readonly Difference[];
}

function compareSamples<Event>(samples: readonly Sample[], parts: CompareParts<Event>) {
  const { workload, events, sampled } = parts;
  const final = byName(workload, parts.reference);
  const wrong = new Set(parts.differences.map(({ table, key }) => rowName(table, key)));
  const rows = new Map<string, RowMoment[]>();
  const points = samples.map(({ atMs, deliveredEvents, rows: read }): ConvergencePoint => {
    // In canonical order, as the reference of all events is.
    const delivered = Uint32Array.from(parts.order.slice(0, deliveredEvents)).sort();
    const some = Array.from(delivered, (index) => events[index] as Event);
    const soFar = byName(workload, workload.reference(some));
    let [fromSoFar, fromFinal] = [0, 0];
    for (const [index, { table, name }] of sampled.entries()) {
      const stored = read[index];
      const row = stored && workload.comparable(table, stored);
      const wanted = soFar.get(name);
      const isRight = sameValue(wanted, row);
      if (!isRight) fromSoFar++;
      if (!sameValue(final.get(name), row)) fromFinal++;
      if (!wrong.has(name)) continue;
      const moments = rows.get(name) ?? [];
      rows.set(name, moments);
      moments.push({ atMs, row, wanted, isRight });
    }
    return { atMs, deliveredEvents, fromSoFar, fromFinal };
  });
  return { points, rows };
}

function rowsOf<Event>(workload: Workload<Event>, tables: Tables): SampledRow[] {
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
