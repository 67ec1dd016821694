/** What a load run comes to: its figures, and what they change about the verdict. Pure. */

import type { RunResult } from '../src/simulator/model/run-result.ts';
import { count, plural } from '../src/simulator/report/text.ts';
import type { Effort } from './effort.ts';
import {
  errorsText,
  type Inside,
  type LoadFigures,
  percentilesOf,
  type VirtualUsers,
} from './figures.ts';
import { firstLimit } from './limit.ts';
import { type Passage, timelineOf } from './passages.ts';
import type { Probe } from './probes.ts';
import type { PutStage } from './put-stage.ts';
import type { RunFile } from './runs.ts';

export interface Findings {
  readonly file: RunFile;
  readonly result: RunResult;
  readonly stage: PutStage;
  readonly probes: readonly Probe[];
  readonly passages: readonly Passage[];
  readonly effort: Effort | undefined;
  /** Records that a producer's put was acknowledged for, and that nobody has read. */
  readonly lost: number;
}

/**
 * What the producers could not do: a record that the stream lost was never the view's, and where virtual users failed,
 * less was put than the run asks for. Then tables that are right prove nothing.
 */
export function withDoubts(
  result: RunResult,
  { lost, users }: { readonly lost: number; readonly users: VirtualUsers },
): RunResult {
  const doubts: string[] = [];
  if (lost > 0) {
    const what = `${count(lost)} ${lost === 1 ? 'record was' : 'records were'} acknowledged`;
    doubts.push(`${what} to producers and never read from the stream`);
  }
  const unfinished = users.arrived - users.completed;
  if (unfinished > 0) {
    const causes = errorsText(users);
    doubts.push(
      `${count(unfinished)} of ${plural(users.arrived, 'virtual user')} did not come to the end` +
        `${causes === '' ? '' : ` (${causes})`}, so that less was put than the run asks for`,
    );
  }
  if (doubts.length === 0) return result;
  const verdict = result.verdict === 'converged' ? 'unknown' : result.verdict;
  return { ...result, verdict, reasons: [...result.reasons, ...doubts] };
}

export function figuresOf(findings: Findings): LoadFigures {
  const { file, result, stage, probes } = findings;
  const { offered, taken, failed, throttled, refused, seconds, putMs } = stage.produced;
  const { records, copies } = result.figures.disorder;
  const timeline = timelineOf(findings.passages);
  const { processors, machineBusy } = stage;
  const inside = insideOf(findings);
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
    stream: { records, copies, lost: findings.lost },
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

function insideOf({ result, stage, effort }: Findings): Inside | undefined {
  const { lanes } = stage;
  if (effort === undefined || lanes === undefined) return undefined;
  const { delivery, dynamodb } = result.figures;
  return {
    lanes,
    batches: delivery.batches,
    retries: delivery.retries,
    conflicts: effort.conflicts(),
    requests: effort.requests(),
    requestsThrottled: effort.requestsThrottled(),
    perRecord: {
      writeUnits: dynamodb.writeUnitsPerRecord,
      cancelledWriteUnits: dynamodb.cancelledWriteUnitsPerRecord,
      readUnits: dynamodb.readUnitsPerRecord,
      requests: dynamodb.requestsPerRecord,
    },
  };
}
