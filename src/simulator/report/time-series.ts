/** Folds the history to the time series of a run, in slices of time, for charts. Pure. */
import type { HistoryReader } from '../history/history.ts';
import type {
  Answered,
  HistoryRecord,
  Invoked,
  RecordPushed,
  Requested,
} from '../model/history.ts';
import { recordKey } from '../model/stream-record.ts';
import { createThinned } from './thin.ts';

/** One slice of time. */
export interface Slice {
  pushed: number;
  /** Records whose invocation ended well. */
  acknowledged: number;
  retries: number;
  conflicts: number;
  throttles: number;
  readUnits: number;
  /** Includes those of cancelled transactions. */
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
  readonly arrivals: {
    /** Position among the pushes, index into the history, number of the copy (0 for the first). */
    readonly points: readonly (readonly [push: number, event: number, copy: number])[];
    readonly every: number;
  };
  readonly lag: Lag | undefined;
  readonly lags: {
    readonly points: readonly (readonly [atMs: number, lagMs: number])[];
    readonly every: number;
  };
  /** Batches by their number of records. */
  readonly batchSizes: ReadonlyMap<number, number>;
  readonly invocations: ReadonlyMap<number, InvocationTime>;
  /** When the record at a position among the pushes was pushed, in milliseconds. */
  pushedAtMs(position: number): number | undefined;
}

const SLICES_MAX = 120;
const POINTS_MAX = 5_000;
/** The limit of the event traces. */
const RECORDS_MAX = 300_000;

export function createTimeSeries(): {
  readonly read: HistoryReader;
  timeSeries(): TimeSeries;
} {
  const slices = createSlices();
  const arrivals = createThinned<readonly [number, number, number]>(POINTS_MAX);
  const lags = createLags((atMs) => slices.at(atMs).acknowledged++);
  const invocations = createInvocations();
  const read = (record: HistoryRecord): void => {
    switch (record.type) {
      case 'record-pushed':
        slices.at(record.atMs).pushed++;
        if (record.event >= 0) arrivals.add([record.push, record.event, record.copy]);
        lags.pushed(record);
        break;
      case 'invoked':
        if (record.attempt > 1) slices.at(record.atMs).retries++;
        lags.invoked(record);
        invocations.started(record);
        break;
      case 'answered':
        lags.answered(record);
        invocations.ended(record);
        break;
      case 'requested':
        addRequest(slices.at(record.atMs), record);
        break;
    }
  };
  return {
    read,
    timeSeries: () => ({
      ...slices.all(),
      ...lags.all(),
      ...invocations.all(),
      arrivals: arrivals.kept(),
    }),
  };
}

type At<Fact> = Fact & { readonly atMs: number };

function addRequest(slice: Slice, request: Requested): void {
  slice.readUnits += request.capacity.readUnits;
  slice.writeUnits += request.capacity.writeUnits + request.cancelledWriteUnits;
  const errors = [request.outcome, ...(request.cancellationReasons ?? [])].join(' ');
  if (/conflict/i.test(errors)) slice.conflicts++;
  if (/throttl|throughput|RequestLimit/i.test(errors)) slice.throttles++;
}

/** The time from the push of a record to the end of the first invocation that succeeded with it. */
function createLags(acknowledge: (atMs: number) => void) {
  const points = createThinned<readonly [number, number]>(POINTS_MAX);
  const lags: number[] = [];
  const pushedAt: number[] = [];
  const waiting = new Map<string, number>();
  const batches = new Map<number, { readonly shardId: string; readonly ids: readonly string[] }>();
  return {
    pushed(record: At<RecordPushed>): void {
      if (pushedAt.length === RECORDS_MAX) return;
      pushedAt.push(record.atMs);
      waiting.set(recordKey(record), record.atMs);
    },
    invoked({ invocation, shardId, sequenceNumbers: ids }: Invoked): void {
      batches.set(invocation, { shardId, ids });
    },
    answered({ atMs, invocation, outcome }: At<Answered>): void {
      const batch = batches.get(invocation);
      batches.delete(invocation);
      if (batch === undefined || (outcome.kind !== 'success' && outcome.kind !== 'partial')) return;
      const failed = new Set(outcome.kind === 'partial' ? outcome.failed : []);
      const { shardId } = batch;
      for (const sequenceNumber of batch.ids) {
        const key = recordKey({ shardId, sequenceNumber });
        const since = waiting.get(key);
        if (since === undefined || failed.has(sequenceNumber)) continue;
        waiting.delete(key);
        lags.push(atMs - since);
        points.add([atMs, atMs - since]);
        acknowledge(atMs);
      }
    },
    all: (): Pick<TimeSeries, 'lag' | 'lags' | 'pushedAtMs'> => ({
      lag: percentiles(lags),
      lags: points.kept(),
      pushedAtMs: (position) => pushedAt[position],
    }),
  };
}

function createInvocations() {
  const invocations = new Map<number, InvocationTime>();
  const batchSizes = new Map<number, number>();
  return {
    started({ invocation, shardId, worker, attempt, sequenceNumbers, atMs }: At<Invoked>): void {
      const records = sequenceNumbers.length;
      batchSizes.set(records, (batchSizes.get(records) ?? 0) + 1);
      if (invocations.size === RECORDS_MAX) return;
      const end = { startMs: atMs, endMs: undefined, outcome: 'unanswered' };
      invocations.set(invocation, { invocation, shardId, worker, attempt, records, ...end });
    },
    ended({ invocation, outcome, atMs }: At<Answered>): void {
      const time = invocations.get(invocation);
      if (time === undefined) return;
      time.endMs = atMs;
      time.outcome = outcome.kind;
    },
    all: () => ({ invocations, batchSizes }),
  };
}

/** By nearest rank. */
function percentiles(values: readonly number[]): Lag | undefined {
  if (values.length === 0) return undefined;
  const sorted = Float64Array.from(values).sort();
  const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1), records: sorted.length };
}

/** Doubles the width of the slices when there would be more than `SLICES_MAX`. */
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
