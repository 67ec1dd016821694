/** The figures of a load run, from what was measured. Pure. */
import type { RunResult } from '../../src/simulator/model/run-result.ts';
import type { HandlerFigures, LoadFigures } from '../figures.ts';
import type { HandlerCounters } from '../measure/handler-counters.ts';
import { type Passage, timelineOf } from '../measure/passages.ts';
import type { Probe } from '../measure/probes.ts';
import type { PutStage } from '../measure/put-stage.ts';
import type { RunFile } from '../runs/run-files.ts';
import { firstLimit } from './first-limit.ts';
import { percentilesOf } from './percentiles.ts';

export interface Measured {
  readonly file: RunFile;
  readonly result: RunResult;
  readonly stage: PutStage;
  readonly probes: readonly Probe[];
  readonly passages: readonly Passage[];
  readonly handler: HandlerCounters | undefined;
  /** Records whose put was acknowledged and that were never read. */
  readonly lost: number;
}

export function collectFigures(measured: Measured): LoadFigures {
  const { file, result, stage, probes } = measured;
  const { offered, taken, failed, throttled, refused, seconds, putMs } = stage.produced;
  const { records, copies } = result.figures.disorder;
  const timeline = timelineOf(measured.passages);
  const { processors, machineBusy } = stage;
  const inside = handlerFigures(measured);
  const lagsMs = probes.flatMap(({ lagMs }) => lagMs ?? []);
  const perSecond = (total: number): number => total / Math.max(1, seconds);
  return {
    version: 1,
    run: file.name,
    question: file.question,
    seed: result.options.seed,
    verdict: result.verdict,
    failedThresholds: stage.produced.failedThresholds,
    users: stage.produced.users,
    put: {
      seconds,
      offered,
      taken,
      failed,
      offeredPerSecond: perSecond(offered),
      takenPerSecond: perSecond(taken),
      throttled,
      refused,
      latencyMs: putMs,
    },
    stream: { records, copies, lost: measured.lost },
    lag: { probes: probes.length, seen: lagsMs.length, ms: percentilesOf(lagsMs) },
    timeline,
    inside,
    busy: { processors, machine: machineBusy },
    firstLimit: firstLimit({
      ...{ offered, throttled, timeline, processors, machineBusy, inside },
      leastLagMs: lagsMs.length === 0 ? 0 : Math.min(...lagsMs),
    }),
  };
}

function handlerFigures({ result, stage, handler }: Measured): HandlerFigures | undefined {
  const { lanes } = stage;
  if (handler === undefined || lanes === undefined) return undefined;
  const { delivery, dynamodb } = result.figures;
  return {
    lanes,
    batches: delivery.batches,
    retries: delivery.retries,
    conflicts: handler.conflicts(),
    requests: handler.requests(),
    requestsThrottled: handler.requestsThrottled(),
    perRecord: {
      writeUnits: dynamodb.writeUnitsPerRecord,
      cancelledWriteUnits: dynamodb.cancelledWriteUnitsPerRecord,
      readUnits: dynamodb.readUnitsPerRecord,
      requests: dynamodb.requestsPerRecord,
    },
  };
}
