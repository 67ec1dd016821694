/** Folds the history into the figures of a run: disorder, deliveries, faults and cost. */

import type { HistoryReader } from '../history/history.ts';
import type { FaultRatios } from '../model/faults.ts';
import type { HistoryRecord } from '../model/history.ts';
import type { Figures } from '../model/run-result.ts';
import { createDisplacement } from './displacement.ts';

export interface FiguresFold {
  readonly read: HistoryReader;
  /** Of the history so far; `quarantined` is counted in the table. */
  figures(quarantined: number | undefined): Figures;
}

/** `faults`: those that may happen in the run. */
export function createFigures(faults: FaultRatios = {}): FiguresFold {
  const disorder = foldDisorder();
  const delivery = foldDelivery();
  const killsAndFaults = foldKillsAndFaults(faults);
  const requests = foldRequests();
  const stages = foldStages();
  const remote = foldRemote();
  const folds = [disorder, delivery, killsAndFaults, requests, stages, remote];
  return {
    read(record) {
      for (const fold of folds) fold.read(record);
    },
    figures(quarantined) {
      const { records } = disorder.figures();
      const { stagesMs, wallMs } = stages.figures();
      return {
        disorder: disorder.figures(),
        delivery: delivery.figures(),
        ...killsAndFaults.figures(),
        quarantined,
        dynamodb: requests.figures(records),
        ...remote.figures(records, stagesMs['push'] ?? 0),
        stagesMs,
        wallMs,
      };
    },
  };
}

function foldDisorder() {
  const counts = { records: 0, copies: 0, malformed: 0 };
  const displacement = createDisplacement();
  return {
    read(record: HistoryRecord): void {
      if (record.type !== 'record-pushed') return;
      counts.records++;
      if (record.event < 0) counts.malformed++;
      else if (record.copy > 0) counts.copies++;
      else displacement.add(record.push, record.event);
    },
    figures: (): Figures['disorder'] => ({ ...counts, displacementMax: displacement.max() }),
  };
}

function foldDelivery() {
  const counts = { deliveredRecords: 0, batches: 0, retries: 0, repeats: 0, discardedRecords: 0 };
  const outcomes = new Map<string, number>();
  /** Records of the invocations that have not ended. */
  const inFlight = new Map<number, number>();
  return {
    read(record: HistoryRecord): void {
      switch (record.type) {
        case 'invoked':
          inFlight.set(record.invocation, record.sequenceNumbers.length);
          counts.deliveredRecords += record.sequenceNumbers.length;
          if (record.repeated) counts.repeats++;
          else if (record.attempt > 1) counts.retries++;
          else counts.batches++;
          break;
        case 'answered':
          add(outcomes, record.outcome.kind, 1);
          // The handler never ran.
          if (record.outcome.kind === 'throttled') {
            counts.deliveredRecords -= inFlight.get(record.invocation) ?? 0;
          }
          inFlight.delete(record.invocation);
          break;
        case 'batch-discarded':
          counts.discardedRecords += record.sequenceNumbers.length;
          break;
      }
    },
    figures: (): Figures['delivery'] => ({ ...counts, outcomes: Object.fromEntries(outcomes) }),
  };
}

function foldKillsAndFaults(faults: FaultRatios) {
  const kills = { asked: 0, happened: 0 };
  const killed = new Set<number>();
  const happened = new Map<string, number>();
  const situations = new Map<string, number>();
  return {
    read(record: HistoryRecord): void {
      switch (record.type) {
        case 'run-started':
          kills.asked = Number(record.options['kill'] ?? 0);
          break;
        case 'invoked':
          if (record.repeated) add(happened, 'repeat-delivery', 1);
          break;
        case 'invocation-killed':
          killed.add(record.invocation);
          break;
        case 'answered':
          // An invocation that returned before the worker died was not killed in mid-batch.
          if (killed.delete(record.invocation) && record.outcome.kind === 'crashed') {
            kills.happened++;
          }
          break;
        case 'fault-happened':
          add(happened, record.fault, 1);
          break;
        case 'requested':
          if (record.fault !== undefined) add(happened, record.fault, 1);
          break;
        case 'situation-reached':
          add(situations, record.situation, 1);
          break;
      }
    },
    figures: (): Pick<Figures, 'kills' | 'faults' | 'situations'> => ({
      kills: { ...kills },
      faults: Object.fromEntries(
        Object.entries(faults).map(([name, ratio]) => [
          name,
          { ratio, happened: happened.get(name) ?? 0 },
        ]),
      ),
      situations: Object.fromEntries(situations),
    }),
  };
}

function foldRequests() {
  const sums = { requests: 0, readUnits: 0, writeUnits: 0, cancelledWriteUnits: 0 };
  const requestsByOperation = new Map<string, number>();
  const errors = new Map<string, number>();
  return {
    read(record: HistoryRecord): void {
      if (record.type !== 'requested') return;
      sums.requests++;
      add(requestsByOperation, record.operation, 1);
      if (record.outcome !== 'ok') add(errors, record.outcome, 1);
      sums.readUnits += record.capacity.readUnits;
      sums.writeUnits += record.capacity.writeUnits;
      sums.cancelledWriteUnits += record.cancelledWriteUnits;
    },
    figures(records: number): Figures['dynamodb'] {
      const perRecord = (total: number): number => (records === 0 ? 0 : total / records);
      const { requests, readUnits, writeUnits, cancelledWriteUnits } = sums;
      return {
        ...sums,
        requestsByOperation: Object.fromEntries(requestsByOperation),
        errors: Object.fromEntries(errors),
        writeEquivalentsPerRecord: perRecord(writeUnits + cancelledWriteUnits + readUnits / 5),
        readUnitsPerRecord: perRecord(readUnits),
        writeUnitsPerRecord: perRecord(writeUnits),
        cancelledWriteUnitsPerRecord: perRecord(cancelledWriteUnits),
        requestsPerRecord: perRecord(requests),
      };
    },
  };
}

function foldStages() {
  const doneMs = new Map<string, number>();
  const startedAtMs = new Map<string, number>();
  let wallMs = 0;
  return {
    read(record: HistoryRecord): void {
      wallMs = Math.max(wallMs, record.atMs);
      if (record.type === 'stage-started') startedAtMs.set(record.stage, record.atMs);
      if (record.type !== 'stage-ended') return;
      add(doneMs, record.stage, record.atMs - (startedAtMs.get(record.stage) ?? 0));
      startedAtMs.delete(record.stage);
    },
    figures(): Pick<Figures, 'stagesMs' | 'wallMs'> {
      const stagesMs = new Map(doneMs);
      for (const [stage, atMs] of startedAtMs) add(stagesMs, stage, wallMs - atMs);
      return { stagesMs: Object.fromEntries(stagesMs), wallMs };
    },
  };
}

/** Of a deployed stack. */
function foldRemote() {
  let isRemote = false;
  let sentinelLagMsMax: number | undefined;
  return {
    read(record: HistoryRecord): void {
      if (record.type === 'run-started') isRemote = record.options['world'] === 'aws';
      if (record.type === 'sentinel-applied') {
        sentinelLagMsMax = Math.max(sentinelLagMsMax ?? 0, record.lagMs);
      }
    },
    figures(records: number, pushMs: number): Pick<Figures, 'remote'> {
      if (!isRemote) return {};
      const pushedPerSecond = pushMs === 0 ? 0 : (records / pushMs) * 1000;
      return { remote: { pushedPerSecond, sentinelLagMsMax } };
    },
  };
}

function add(counts: Map<string, number>, name: string, amount: number): void {
  counts.set(name, (counts.get(name) ?? 0) + amount);
}
