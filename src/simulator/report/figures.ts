/** Folds the history to the figures of a run: disorder, delivery, faults, and requests with their cost. */

import type { HistoryReader } from '../history/history.ts';
import type { FaultRatios } from '../model/faults.ts';
import type { Answered, HistoryRecord, Requested } from '../model/history.ts';
import type { Figures } from '../model/run-result.ts';

export interface FiguresFold {
  readonly read: HistoryReader;
  /** The figures of the records read so far; `quarantined` is counted in the table instead. */
  figures(quarantined: number | undefined): Figures;
}

/** `faults`: those that may happen in the run. */
export function createFigures(faults: FaultRatios = {}): FiguresFold {
  const counts = createCounts();
  return {
    read: (record) => countRecord(counts, record),
    figures: (quarantined) => figuresFrom(counts, faults, quarantined),
  };
}

function createCounts() {
  return {
    disorder: { records: 0, copies: 0, malformed: 0 },
    delivery: { deliveredRecords: 0, batches: 0, retries: 0, repeats: 0, discardedRecords: 0 },
    outcomes: new Map<string, number>(),
    dynamodb: { requests: 0, readUnits: 0, writeUnits: 0, cancelledWriteUnits: 0 },
    requestsByOperation: new Map<string, number>(),
    errors: new Map<string, number>(),
    stagesMs: new Map<string, number>(),
    stageStartedAtMs: new Map<string, number>(),
    /** Records of the invocations that have not ended. */
    inFlight: new Map<number, number>(),
    options: { kill: 0 } as Options,
    sentinelLagMsMax: undefined as number | undefined,
    killed: new Set<number>(),
    killsHappened: 0,
    faultsHappened: new Map<string, number>(),
    situations: new Map<string, number>(),
    firsts: createFirsts(),
    wallMs: 0,
  };
}

type Counts = ReturnType<typeof createCounts>;

function countRecord(counts: Counts, record: HistoryRecord): void {
  const { disorder, delivery, stageStartedAtMs, faultsHappened } = counts;
  counts.wallMs = Math.max(counts.wallMs, record.atMs);
  switch (record.type) {
    case 'run-started':
      counts.options = { ...counts.options, ...record.options };
      break;
    case 'stage-started':
      stageStartedAtMs.set(record.stage, record.atMs);
      break;
    case 'stage-ended': {
      const startedAtMs = stageStartedAtMs.get(record.stage) ?? 0;
      add(counts.stagesMs, record.stage, record.atMs - startedAtMs);
      stageStartedAtMs.delete(record.stage);
      break;
    }
    case 'record-pushed':
      disorder.records++;
      if (record.event < 0) disorder.malformed++;
      else if (record.copy > 0) disorder.copies++;
      else counts.firsts.add(record.push, record.event);
      break;
    case 'invoked':
      counts.inFlight.set(record.invocation, record.sequenceNumbers.length);
      delivery.deliveredRecords += record.sequenceNumbers.length;
      if (record.repeated) add(faultsHappened, 'repeat-delivery', 1);
      if (record.repeated) delivery.repeats++;
      else if (record.attempt > 1) delivery.retries++;
      else delivery.batches++;
      break;
    case 'invocation-killed':
      counts.killed.add(record.invocation);
      break;
    case 'answered':
      countEnd(counts, record);
      break;
    case 'batch-discarded':
      delivery.discardedRecords += record.sequenceNumbers.length;
      break;
    case 'fault-happened':
      add(faultsHappened, record.fault, 1);
      break;
    case 'sentinel-applied':
      counts.sentinelLagMsMax = Math.max(counts.sentinelLagMsMax ?? 0, record.lagMs);
      break;
    case 'situation-reached':
      add(counts.situations, record.situation, 1);
      break;
    case 'requested':
      countRequest(counts, record);
      break;
  }
}

function countEnd(counts: Counts, { invocation, outcome }: Answered): void {
  // An invocation that returned before the kill had finished its batch.
  if (counts.killed.delete(invocation) && outcome.kind === 'crashed') counts.killsHappened++;
  add(counts.outcomes, outcome.kind, 1);
  // A throttled invocation never reached the handler.
  if (outcome.kind === 'throttled') {
    counts.delivery.deliveredRecords -= counts.inFlight.get(invocation) ?? 0;
  }
  counts.inFlight.delete(invocation);
}

function countRequest(counts: Counts, request: Requested): void {
  const { dynamodb, faultsHappened, requestsByOperation, errors } = counts;
  dynamodb.requests++;
  if (request.fault !== undefined) add(faultsHappened, request.fault, 1);
  add(requestsByOperation, request.operation, 1);
  if (request.outcome !== 'ok') add(errors, request.outcome, 1);
  dynamodb.readUnits += request.capacity.readUnits;
  dynamodb.writeUnits += request.capacity.writeUnits;
  dynamodb.cancelledWriteUnits += request.cancelledWriteUnits;
}

function figuresFrom(
  counts: Counts,
  faults: FaultRatios,
  quarantined: number | undefined,
): Figures {
  const { disorder, dynamodb, faultsHappened, wallMs } = counts;
  const { readUnits, writeUnits, cancelledWriteUnits } = dynamodb;
  const perRecord = (total: number): number =>
    disorder.records === 0 ? 0 : total / disorder.records;
  const stagesMs = new Map(counts.stagesMs);
  for (const [stage, startedAtMs] of counts.stageStartedAtMs) {
    add(stagesMs, stage, wallMs - startedAtMs);
  }
  const pushMs = stagesMs.get('push') ?? 0;
  return {
    disorder: { ...disorder, displacementMax: displacementMax(counts.firsts.all()) },
    delivery: { ...counts.delivery, outcomes: Object.fromEntries(counts.outcomes) },
    kills: { asked: counts.options.kill, happened: counts.killsHappened },
    faults: Object.fromEntries(
      Object.entries(faults).map(([name, ratio]) => [
        name,
        { ratio, happened: faultsHappened.get(name) ?? 0 },
      ]),
    ),
    situations: Object.fromEntries(counts.situations),
    quarantined,
    dynamodb: {
      ...dynamodb,
      requestsByOperation: Object.fromEntries(counts.requestsByOperation),
      errors: Object.fromEntries(counts.errors),
      writeEquivalentsPerRecord: perRecord(writeUnits + cancelledWriteUnits + readUnits / 5),
      readUnitsPerRecord: perRecord(readUnits),
      writeUnitsPerRecord: perRecord(writeUnits),
      cancelledWriteUnitsPerRecord: perRecord(cancelledWriteUnits),
      requestsPerRecord: perRecord(dynamodb.requests),
    },
    ...(counts.options.world === 'aws'
      ? {
          remote: {
            pushedPerSecond: pushMs === 0 ? 0 : (disorder.records / pushMs) * 1000,
            sentinelLagMsMax: counts.sentinelLagMsMax,
          },
        }
      : {}),
    stagesMs: Object.fromEntries(stagesMs),
    wallMs,
  };
}

/** The options in `run-started` that figures depend on. */
interface Options {
  readonly world?: unknown;
  readonly kill: number;
}

/**
 * Compares each event's place in the history with the place of its first copy among all first
 * copies, by their position among the pushes: copies, malformed records and the order in which
 * concurrent calls return displace no event.
 */
function displacementMax({ pushes, events }: FirstsRead): number {
  const order = Uint32Array.from(pushes, (_, at) => at);
  order.sort((left, right) => (pushes[left] ?? 0) - (pushes[right] ?? 0) || left - right);
  return order.reduce((max, at, place) => Math.max(max, Math.abs(place - (events[at] ?? 0))), 0);
}

interface FirstsRead {
  readonly pushes: Int32Array;
  readonly events: Int32Array;
}

/** Small, because a search makes many small runs. */
const FIRSTS_MIN = 16;

/** The first copies, 8 bytes each: position among the pushes, and index into the history. */
function createFirsts() {
  let [pushes, events] = [new Int32Array(FIRSTS_MIN), new Int32Array(FIRSTS_MIN)];
  let count = 0;
  const grown = (list: Int32Array): Int32Array<ArrayBuffer> => {
    const more = new Int32Array(list.length * 2);
    more.set(list);
    return more;
  };
  return {
    add(push: number, event: number): void {
      if (count === pushes.length) [pushes, events] = [grown(pushes), grown(events)];
      pushes[count] = push;
      events[count++] = event;
    },
    all: (): FirstsRead => ({
      pushes: pushes.subarray(0, count),
      events: events.subarray(0, count),
    }),
  };
}

function add(counts: Map<string, number>, name: string, amount: number): void {
  counts.set(name, (counts.get(name) ?? 0) + amount);
}
