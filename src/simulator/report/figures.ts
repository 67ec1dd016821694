/** Folds the history to the figures of a run: what was thrown at the handler, and what it cost. */

import type { HistoryReader } from '../history/history.ts';
import type { FaultRatios } from '../model/faults.ts';
import type { HistoryRecord } from '../model/history.ts';
import type { Figures } from '../model/run-result.ts';

export interface FiguresFold {
  readonly read: HistoryReader;
  /** The figures of what was read so far; `quarantined` is counted in the table, not in the history. */
  figures(quarantined: number | undefined): Figures;
}

/** `faults`: those that may happen in the run. */
export function createFigures(faults: FaultRatios = {}): FiguresFold {
  const disorder = { records: 0, copies: 0, malformed: 0 };
  const delivery = { deliveredRecords: 0, batches: 0, retries: 0, repeats: 0, discardedRecords: 0 };
  const outcomes = new Map<string, number>();
  const dynamodb = { requests: 0, readUnits: 0, writeUnits: 0, cancelledWriteUnits: 0 };
  const requestsByOperation = new Map<string, number>();
  const errors = new Map<string, number>();
  const stagesMs = new Map<string, number>();
  const stageStartedAtMs = new Map<string, number>();
  /** Records of the invocations that were not answered yet. */
  const inFlight = new Map<number, number>();
  let asked: Asked = { kill: 0 };
  let sentinelLagMsMax: number | undefined;
  const killed = new Set<number>();
  let killsHappened = 0;
  const faultsHappened = new Map<string, number>();
  const situations = new Map<string, number>();
  const firsts = createFirsts();
  let wallMs = 0;

  const read = (record: HistoryRecord): void => {
    wallMs = Math.max(wallMs, record.atMs);
    switch (record.type) {
      case 'run-started':
        asked = { ...asked, ...record.options };
        break;
      case 'stage-started':
        stageStartedAtMs.set(record.stage, record.atMs);
        break;
      case 'stage-ended':
        add(stagesMs, record.stage, record.atMs - (stageStartedAtMs.get(record.stage) ?? 0));
        stageStartedAtMs.delete(record.stage);
        break;
      case 'record-pushed':
        disorder.records++;
        if (record.event < 0) disorder.malformed++;
        else if (record.copy > 0) disorder.copies++;
        else firsts.add(record.push, record.event);
        break;
      case 'invoked':
        inFlight.set(record.invocation, record.sequenceNumbers.length);
        delivery.deliveredRecords += record.sequenceNumbers.length;
        if (record.repeated) add(faultsHappened, 'repeat-delivery', 1);
        if (record.repeated) delivery.repeats++;
        else if (record.attempt > 1) delivery.retries++;
        else delivery.batches++;
        break;
      case 'invocation-killed':
        killed.add(record.invocation);
        break;
      case 'answered':
        // One that answered before its death was through with its batch.
        if (killed.delete(record.invocation) && record.outcome.kind === 'crashed') killsHappened++;
        add(outcomes, record.outcome.kind, 1);
        // It never ran, so nothing was handed to the handler.
        if (record.outcome.kind === 'throttled') {
          delivery.deliveredRecords -= inFlight.get(record.invocation) ?? 0;
        }
        inFlight.delete(record.invocation);
        break;
      case 'batch-discarded':
        delivery.discardedRecords += record.sequenceNumbers.length;
        break;
      case 'fault-happened':
        add(faultsHappened, record.fault, 1);
        break;
      case 'sentinel-applied':
        sentinelLagMsMax = Math.max(sentinelLagMsMax ?? 0, record.lagMs);
        break;
      case 'situation-reached':
        add(situations, record.situation, 1);
        break;
      case 'requested':
        dynamodb.requests++;
        if (record.fault !== undefined) add(faultsHappened, record.fault, 1);
        add(requestsByOperation, record.operation, 1);
        if (record.outcome !== 'ok') add(errors, record.outcome, 1);
        dynamodb.readUnits += record.capacity.readUnits;
        dynamodb.writeUnits += record.capacity.writeUnits;
        dynamodb.cancelledWriteUnits += record.cancelledWriteUnits;
        break;
    }
  };

  const figures = (quarantined: number | undefined): Figures => {
    const { requests, readUnits, writeUnits, cancelledWriteUnits } = dynamodb;
    const perRecord = (total: number): number =>
      disorder.records === 0 ? 0 : total / disorder.records;
    const stages = new Map(stagesMs);
    for (const [stage, startedAtMs] of stageStartedAtMs) add(stages, stage, wallMs - startedAtMs);
    return {
      disorder: { ...disorder, displacementMax: displacementMax(firsts.all()) },
      delivery: { ...delivery, outcomes: Object.fromEntries(outcomes) },
      kills: { asked: asked.kill, happened: killsHappened },
      faults: Object.fromEntries(
        Object.entries(faults).map(([name, ratio]) => [
          name,
          { ratio, happened: faultsHappened.get(name) ?? 0 },
        ]),
      ),
      situations: Object.fromEntries(situations),
      quarantined,
      dynamodb: {
        ...dynamodb,
        requestsByOperation: Object.fromEntries(requestsByOperation),
        errors: Object.fromEntries(errors),
        writeEquivalentsPerRecord: perRecord(writeUnits + cancelledWriteUnits + readUnits / 5),
        readUnitsPerRecord: perRecord(readUnits),
        writeUnitsPerRecord: perRecord(writeUnits),
        cancelledWriteUnitsPerRecord: perRecord(cancelledWriteUnits),
        requestsPerRecord: perRecord(requests),
      },
      ...(asked.world === 'aws'
        ? { remote: { pushedPerSecond: perSecond(stages.get('push')), sentinelLagMsMax } }
        : {}),
      stagesMs: Object.fromEntries(stages),
      wallMs,
    };
  };
  const perSecond = (ms = 0): number => (ms === 0 ? 0 : (disorder.records / ms) * 1000);

  return { read, figures };
}

/** What `run-started` has of the options of a run. */
interface Asked {
  readonly world?: unknown;
  readonly kill: number;
}

/**
 * Places among the first copies, in the order of the pushes: copies and malformed records in between
 * displace nobody, nor does it that the calls of two lanes are answered in whatever order.
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

/** A search makes very many small runs. */
const FIRSTS_MIN = 16;

/** The first copies: place among the pushes, and in the history. 8 bytes each. */
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
