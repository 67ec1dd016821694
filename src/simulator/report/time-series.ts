/** Folds the history into time series for charts: what happened when, in slices of time. Pure. */
import type { HistoryReader } from '../history/history.ts';
import { acknowledged, type HistoryRecord, type Invoked } from '../model/history.ts';
import { recordKey } from '../model/stream-record.ts';
import { createThinned, type Thinned } from './thin.ts';

/** One slice of time. */
export interface Slice {
  pushed: number;
  /** Records whose first successful invocation ended here. */
  acknowledged: number;
  retries: number;
  conflicts: number;
  throttles: number;
  readUnits: number;
  /** Those of cancelled transactions included. */
  writeUnits: number;
}

export interface Lag {
  /** Milliseconds. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  readonly records: number;
}

export interface InvocationTime {
  readonly invocation: number;
  readonly shardId: string;
  readonly worker: string;
  readonly attempt: number;
  readonly records: number;
  readonly startMs: number;
  endMs: number | undefined;
  outcome: string;
}

export interface TimeSeries {
  readonly sliceMs: number;
  readonly slices: readonly Slice[];
  /** Place among the pushes, index into the history, 0 or the number of the copy. */
  readonly arrivals: ReturnType<
    Thinned<readonly [push: number, event: number, copy: number]>['kept']
  >;
  readonly lag: Lag | undefined;
  readonly lags: ReturnType<Thinned<readonly [atMs: number, lagMs: number]>['kept']>;
  /** Batches by their number of records. */
  readonly batchSizes: ReadonlyMap<number, number>;
  readonly invocations: ReadonlyMap<number, InvocationTime>;
  /** When a record was pushed, by its place in the order of arrival; milliseconds. */
  pushedAtMs(position: number): number | undefined;
}

const SLICES_MAX = 120;
const POINTS_MAX = 5_000;
/** As many as the tracer follows. */
const RECORDS_MAX = 300_000;

export function createTimeSeries(): { readonly read: HistoryReader; series(): TimeSeries } {
  const slices = createSlices();
  const pushes = foldPushes(slices);
  const invocations = foldInvocations(slices, pushes);
  return {
    read(record) {
      pushes.read(record);
      invocations.read(record);
      readRequest(record, slices);
    },
    series: () => ({ ...slices.all(), ...pushes.series(), ...invocations.series() }),
  };
}

type Slices = ReturnType<typeof createSlices>;

function foldPushes(slices: Slices) {
  const arrivals = createThinned<readonly [number, number, number]>(POINTS_MAX);
  const pushedAt: number[] = [];
  /** When each record was pushed that is not acknowledged yet. */
  const waiting = new Map<string, number>();
  return {
    read(record: HistoryRecord): void {
      if (record.type !== 'record-pushed') return;
      const { atMs, push, event, copy } = record;
      slices.at(atMs).pushed++;
      if (event >= 0) arrivals.add([push, event, copy]);
      if (pushedAt.length === RECORDS_MAX) return;
      pushedAt.push(atMs);
      waiting.set(recordKey(record), atMs);
    },
    /** When it was pushed; undefined: it was acknowledged before, or isn't followed. */
    acknowledge(key: string): number | undefined {
      const since = waiting.get(key);
      waiting.delete(key);
      return since;
    },
    series: () => ({
      arrivals: arrivals.kept(),
      pushedAtMs: (position: number): number | undefined => pushedAt[position],
    }),
  };
}

function foldInvocations(slices: Slices, pushes: ReturnType<typeof foldPushes>) {
  const lagPoints = createThinned<readonly [number, number]>(POINTS_MAX);
  const lags: number[] = [];
  const open = new Map<number, Invoked>();
  const invocations = new Map<number, InvocationTime>();
  const batchSizes = new Map<number, number>();

  const begin = (record: Invoked & { readonly atMs: number }): void => {
    const { atMs, invocation, shardId, worker, attempt, sequenceNumbers } = record;
    const records = sequenceNumbers.length;
    open.set(invocation, record);
    batchSizes.set(records, (batchSizes.get(records) ?? 0) + 1);
    if (attempt > 1) slices.at(atMs).retries++;
    if (invocations.size === RECORDS_MAX) return;
    const time = { invocation, shardId, worker, attempt, records, startMs: atMs };
    invocations.set(invocation, { ...time, endMs: undefined, outcome: 'unanswered' });
  };
  const acknowledge = (key: string, atMs: number): void => {
    const since = pushes.acknowledge(key);
    if (since === undefined) return;
    lags.push(atMs - since);
    lagPoints.add([atMs, atMs - since]);
    slices.at(atMs).acknowledged++;
  };
  return {
    read(record: HistoryRecord): void {
      if (record.type === 'invoked') begin(record);
      if (record.type !== 'answered') return;
      const { atMs, invocation, outcome } = record;
      const batch = open.get(invocation);
      open.delete(invocation);
      const time = invocations.get(invocation);
      if (time !== undefined) {
        time.endMs = atMs;
        time.outcome = outcome.kind;
      }
      if (batch === undefined) return;
      const { shardId } = batch;
      for (const sequenceNumber of acknowledged(batch.sequenceNumbers, outcome)) {
        acknowledge(recordKey({ shardId, sequenceNumber }), atMs);
      }
    },
    series: () => ({
      lag: percentiles(lags),
      lags: lagPoints.kept(),
      batchSizes,
      invocations,
    }),
  };
}

function readRequest(record: HistoryRecord, slices: Slices): void {
  if (record.type !== 'requested') return;
  const slice = slices.at(record.atMs);
  slice.readUnits += record.capacity.readUnits;
  slice.writeUnits += record.capacity.writeUnits + record.cancelledWriteUnits;
  const why = [record.outcome, ...(record.cancellationReasons ?? [])].join(' ');
  if (/conflict/i.test(why)) slice.conflicts++;
  if (/throttl|throughput|RequestLimit/i.test(why)) slice.throttles++;
}

/** By nearest rank: the least value that a share of all values doesn't exceed. */
function percentiles(values: readonly number[]): Lag | undefined {
  if (values.length === 0) return undefined;
  const sorted = Float64Array.from(values).sort();
  const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1), records: sorted.length };
}

/** The slices become twice as wide whenever there would be too many. */
function createSlices() {
  let sliceMs = 10;
  let slices: Slice[] = [];
  const empty = (): Slice => ({
    pushed: 0,
    acknowledged: 0,
    retries: 0,
    conflicts: 0,
    throttles: 0,
    readUnits: 0,
    writeUnits: 0,
  });
  const sum = (left: Slice, right: Slice): Slice => ({
    pushed: left.pushed + right.pushed,
    acknowledged: left.acknowledged + right.acknowledged,
    retries: left.retries + right.retries,
    conflicts: left.conflicts + right.conflicts,
    throttles: left.throttles + right.throttles,
    readUnits: left.readUnits + right.readUnits,
    writeUnits: left.writeUnits + right.writeUnits,
  });
  return {
    at(atMs: number): Slice {
      while (atMs / sliceMs >= SLICES_MAX) {
        const pairs: Slice[] = [];
        for (let index = 0; index < slices.length; index += 2) {
          pairs.push(sum(slices[index] ?? empty(), slices[index + 1] ?? empty()));
        }
        slices = pairs;
        sliceMs *= 2;
      }
      const index = Math.max(0, Math.floor(atMs / sliceMs));
      while (slices.length <= index) slices.push(empty());
      return slices[index] as Slice;
    },
    all: () => ({ sliceMs, slices }),
  };
}
