/**
 * The verdict on a run. Diverged: the tables are wrong, and nothing excuses it. Unknown: the run
 * proves nothing, because a limit was reached or something requested never happened. Pure.
 */
import type { InvariantFailure, RunFailure, Stall } from '../model/failure.ts';
import type { RunOptions } from '../model/run-options.ts';
import type { Figures } from '../model/run-result.ts';
import type { Judgement } from '../model/verdict.ts';
import type { Difference } from '../model/workload.ts';

export interface Findings {
  readonly options: RunOptions;
  readonly figures: Figures;
  readonly differences: readonly Pick<Difference, 'table'>[];
  /** Of those, the ones on which no discarded record bears. */
  readonly unexcused: readonly Pick<Difference, 'table'>[];
  readonly quarantined: number | undefined;
  /** Malformed records that were discarded: each may be in quarantine, or not. */
  readonly malformedDiscarded?: number;
  /** Delivery is meant to give up: discarded records excuse rows, and are no reason for doubt. */
  readonly expectsDiscards?: boolean | undefined;
  /** Tables that were deleted during the run. */
  readonly gone?: readonly string[];
  readonly violation?: InvariantFailure | undefined;
  readonly stall?: Stall | undefined;
  readonly lastHandlerError?: string | undefined;
}

export function judge(findings: Findings): Judgement {
  const { violation, gone, stall, expectsDiscards } = findings;
  const isExcused =
    violation === undefined && !gone?.length && (stall !== undefined || isLawful(findings));
  const wrong = wrongs(findings);
  const unknown = unknowns(findings);
  if (!isExcused) {
    const failures = [...wrong, ...unknown];
    if (wrong.length > 0) return { verdict: 'diverged', failures };
    return { verdict: failures.length === 0 ? 'converged' : 'unknown', failures };
  }
  const isExpected = stall === undefined && expectsDiscards === true;
  const failures = isExpected ? unknown : [...unknown, ...wrong];
  return { verdict: failures.length === 0 ? 'converged' : 'unknown', failures };
}

/** Whether the tables lack nothing but what was discarded. */
function isLawful({ figures, unexcused, quarantined, malformedDiscarded = 0 }: Findings): boolean {
  const { malformed } = figures.disorder;
  const isQuarantineLawful =
    quarantined === undefined ||
    (quarantined <= malformed && quarantined >= malformed - malformedDiscarded);
  return figures.delivery.discardedRecords > 0 && unexcused.length === 0 && isQuarantineLawful;
}

/** What is wrong with the tables. */
function wrongs(findings: Findings): readonly RunFailure[] {
  const { violation, quarantined, gone = [], figures } = findings;
  if (violation !== undefined) return [violation];
  const { malformed } = figures.disorder;
  const isQuarantineWrong = quarantined !== undefined && quarantined !== malformed;
  return [
    ...gone.map((table) => ({ kind: 'table-gone', table }) as const),
    ...wrongRows(findings),
    ...(isQuarantineWrong ? [{ kind: 'quarantine', malformed, rows: quarantined } as const] : []),
  ];
}

/** By table; those of which rows are not excused come first. */
function wrongRows({ differences, unexcused, figures }: Findings): readonly RunFailure[] {
  const all = countByTable(differences);
  const wrong = countByTable(unexcused);
  const wereDiscarded = figures.delivery.discardedRecords > 0;
  return [...new Set([...wrong.keys(), ...all.keys()])].map((table) => ({
    kind: 'rows',
    table,
    rows: all.get(table) ?? 0,
    ...(wereDiscarded ? { unexcused: wrong.get(table) ?? 0 } : {}),
  }));
}

function countByTable(differences: Findings['differences']): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { table } of differences) counts.set(table, (counts.get(table) ?? 0) + 1);
  return counts;
}

/** Why the run may prove nothing. */
function unknowns(findings: Findings): readonly RunFailure[] {
  const { options, figures, stall, lastHandlerError, expectsDiscards } = findings;
  const { discardedRecords, repeats } = figures.delivery;
  const failures: RunFailure[] = [];
  if (stall !== undefined) failures.push({ kind: 'stalled', stall });
  if (discardedRecords > 0 && !expectsDiscards) {
    failures.push({ kind: 'discarded', records: discardedRecords });
  }
  if (failures.length > 0 && lastHandlerError !== undefined) {
    failures.push({ kind: 'handler-error', error: lastHandlerError });
  }
  if (options.repeatDelivery > 0 && repeats === 0) failures.push({ kind: 'no-repeat-delivery' });
  const { kills, faults } = figures;
  if (kills.happened < kills.asked) {
    failures.push({
      kind: 'too-few-kills',
      requested: kills.asked,
      happened: kills.happened,
    });
  }
  for (const [fault, ratio] of Object.entries(options.faults)) {
    if (!faults[fault]?.happened) failures.push({ kind: 'fault-never-happened', fault, ratio });
  }
  return failures;
}
