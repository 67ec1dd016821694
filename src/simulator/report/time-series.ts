/** Folds the history to the course of a run: what happened when, in slices of time, for charts. Pure. */
import type { HistoryReader } from '../history/history.ts';
import type { Answered, HistoryRecord } from '../model/history.ts';
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
  /** With what cancelled transactions cost. */
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

export interface Course {
  readonly sliceMs: number;
  readonly slices: readonly Slice[];
  readonly arrivals: {
    /** Place among the pushes, index into the history, 0 or the number of the copy. */
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
  /** When the record of a place in the order of arrival was pushed, milliseconds. */
  pushedAtMs(position: number): number | undefined;
}

const SLICES_MAX = 120;
const POINTS_MAX = 5_000;
/** As many as the tracer follows. */
const RECORDS_MAX = 300_000;

export function createCourse(): { readonly read: HistoryReader; course(): Course } {
  const slices = createSlices();
  const arrivals = createThinned<readonly [number, number, number]>(POINTS_MAX);
  const lagPoints = createThinned<readonly [number, number]>(POINTS_MAX);
  const lags: number[] = [];
  const pushedAt: number[] = [];
  const waiting = new Map<string, number>();
  const batches = new Map<number, { readonly shardId: string; readonly ids: readonly string[] }>();
  const invocations = new Map<number, InvocationTime>();
  const batchSizes = new Map<number, number>();

  const answered = ({ atMs, invocation, outcome }: Answered & { readonly atMs: number }): void => {
    const batch = batches.get(invocation);
    batches.delete(invocation);
    const time = invocations.get(invocation);
    if (time !== undefined) {
      time.endMs = atMs;
      time.outcome = outcome.kind;
    }
    if (batch === undefined || (outcome.kind !== 'success' && outcome.kind !== 'partial')) return;
    const failed = new Set(outcome.kind === 'partial' ? outcome.failed : []);
    const { shardId } = batch;
    for (const sequenceNumber of batch.ids) {
      const key = recordKey({ shardId, sequenceNumber });
      const since = waiting.get(key);
      if (since === undefined || failed.has(sequenceNumber)) continue;
      waiting.delete(key);
      lags.push(atMs - since);
      lagPoints.add([atMs, atMs - since]);
      slices.at(atMs).acknowledged++;
    }
  };
  const read = (record: HistoryRecord): void => {
    const { atMs } = record;
    switch (record.type) {
      case 'record-pushed':
        slices.at(atMs).pushed++;
        if (record.event >= 0) arrivals.add([record.push, record.event, record.copy]);
        if (pushedAt.length === RECORDS_MAX) break;
        pushedAt.push(atMs);
        waiting.set(recordKey(record), atMs);
        break;
      case 'invoked': {
        const { invocation, shardId, worker, attempt, sequenceNumbers: ids } = record;
        batches.set(invocation, { shardId, ids });
        batchSizes.set(ids.length, (batchSizes.get(ids.length) ?? 0) + 1);
        if (attempt > 1) slices.at(atMs).retries++;
        if (invocations.size < RECORDS_MAX) {
          const time = { invocation, shardId, worker, attempt, records: ids.length };
          invocations.set(invocation, {
            ...time,
            startMs: atMs,
            endMs: undefined,
            outcome: 'unanswered',
          });
        }
        break;
      }
      case 'answered':
        answered(record);
        break;
      case 'requested': {
        const slice = slices.at(atMs);
        slice.readUnits += record.capacity.readUnits;
        slice.writeUnits += record.capacity.writeUnits + record.cancelledWriteUnits;
        const why = [record.outcome, ...(record.cancellationReasons ?? [])].join(' ');
        if (/conflict/i.test(why)) slice.conflicts++;
        if (/throttl|throughput|RequestLimit/i.test(why)) slice.throttles++;
        break;
      }
    }
  };
  return {
    read,
    course: () => ({
      ...slices.all(),
      arrivals: arrivals.kept(),
      lag: percentiles(lags),
      lags: lagPoints.kept(),
      batchSizes,
      invocations,
      pushedAtMs: (position) => pushedAt[position],
    }),
  };
}

/** Nearest rank: the least value that at least so large a share of all is not above. */
function percentiles(values: readonly number[]): Lag | undefined {
  if (values.length === 0) return undefined;
  const sorted = Float64Array.from(values).sort();
  const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1), records: sorted.length };
}

/** Slices that grow twice as wide whenever there would be too many. */
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
