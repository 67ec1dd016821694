/**
 * The verdict on a run. Diverged: the tables are wrong, and nothing excuses it. Unknown: nothing can be
 * said, because a limit was reached or something that was asked for never happened. Pure.
 */
import type { Violation } from '../check/invariants.ts';
import type { RunOptions } from '../model/run-options.ts';
import type { Figures } from '../model/run-result.ts';
import type { Verdict } from '../model/verdict.ts';

export interface Findings {
  readonly options: RunOptions;
  readonly differences: number;
  /** Of those, the ones on which no record bears that was discarded to the on-failure destination. */
  readonly unexcused?: number;
  /** The table of the first of them. */
  readonly wrongTable?: string | undefined;
  readonly quarantined: number | undefined;
  /** Malformed records that were discarded: each may be in quarantine, or not. */
  readonly malformedLost?: number;
  /** Delivery gives up on purpose: what was discarded is no reason for doubt, only for what it bears on. */
  readonly losesOnPurpose?: boolean | undefined;
  /** Tables that are not there any more. */
  readonly gone?: readonly string[];
  readonly figures: Figures;
  /** The invariant that was broken while the run went on. */
  readonly violation?: Violation | undefined;
  /** Why not everything was delivered. */
  readonly stalled: string | undefined;
  /** What an invocation failed with last. */
  readonly lastError?: string | undefined;
}

export interface Judgement {
  readonly verdict: Verdict;
  readonly reasons: readonly string[];
  /** What was seen first, in words that are the same for every run that fails in this way; undefined: nothing. */
  readonly seen: string | undefined;
}

export function judge(findings: Findings): Judgement {
  const isExcused = findings.stalled !== undefined || isLawful(findings);
  const excused = findings.violation === undefined && !findings.gone?.length && isExcused;
  const wrong =
    excused && findings.stalled === undefined && findings.losesOnPurpose ? [] : wrongs(findings);
  const unknown = unknowns(findings);
  const reasons = excused ? [...unknown, ...wrong] : [...wrong, ...unknown];
  const [first] = reasons;
  if (wrong.length > 0 && !excused) {
    return { verdict: 'diverged', reasons, seen: seenIn(findings, first) };
  }
  return { verdict: first === undefined ? 'converged' : 'unknown', reasons, seen: kindOf(first) };
}

function seenIn(findings: Findings, first: string | undefined): string | undefined {
  const { violation, gone = [], differences, wrongTable } = findings;
  if (violation !== undefined) return `an invariant, ${violation.kind}`;
  if (gone.length > 0) return kindOf(first);
  return differences > 0 ? `rows of ${wrongTable}` : 'rows in quarantine';
}

/** The reason without what differs from run to run. */
function kindOf(reason: string | undefined): string | undefined {
  return reason?.replace(/;.*/s, '').replaceAll(/\d+/g, 'N');
}

/** Tables that lack what was never delivered say nothing about the handler. */
function isLawful({ figures, unexcused = 0, quarantined, malformedLost = 0 }: Findings): boolean {
  const { malformed } = figures.disorder;
  const isQuarantineLawful =
    quarantined === undefined ||
    (quarantined <= malformed && quarantined >= malformed - malformedLost);
  return figures.delivery.discardedRecords > 0 && unexcused === 0 && isQuarantineLawful;
}

function wrongs(findings: Findings): string[] {
  const { violation, differences, unexcused, quarantined, gone = [], figures } = findings;
  const reasons: string[] = [];
  if (violation !== undefined) return [`an invariant was broken: ${violation.text}`];
  for (const table of gone) {
    reasons.push(`table ${table} is gone: the handler has deleted it, and with it every row`);
  }
  if (differences > 0) {
    reasons.push(
      `${plural(differences, 'row')} ${differences === 1 ? 'differs' : 'differ'} from the reference`,
    );
  }
  if (figures.delivery.discardedRecords > 0 && unexcused !== undefined && unexcused > 0) {
    reasons.push(`no discarded record bears on ${unexcused} of them`);
  }
  const { malformed } = figures.disorder;
  if (quarantined !== undefined && quarantined !== malformed) {
    reasons.push(
      `${plural(malformed, 'malformed record')} pushed, but ${plural(quarantined, 'row')} in quarantine`,
    );
  }
  return reasons;
}

function unknowns(findings: Findings): string[] {
  const { options, figures, stalled, lastError, losesOnPurpose } = findings;
  const reasons: string[] = [];
  if (stalled !== undefined) reasons.push(stalled);
  const { discardedRecords, repeats } = figures.delivery;
  if (discardedRecords > 0 && !losesOnPurpose) {
    const last = lastError === undefined ? '' : `; the last error was ${lastError}`;
    reasons.push(
      `${plural(discardedRecords, 'record')} discarded to the on-failure destination${last}`,
    );
  }
  if (options.repeatDelivery > 0 && repeats === 0) {
    reasons.push('--repeat-delivery was asked for, and no batch was delivered twice');
  }
  const { kills, faults } = figures;
  if (kills.happened < kills.asked) {
    reasons.push(
      `--kill ${kills.asked} was asked for, and ${plural(kills.happened, 'worker')} ` +
        `${kills.happened === 1 ? 'was' : 'were'} killed in mid-batch`,
    );
  }
  for (const [name, ratio] of Object.entries(options.faults)) {
    if (!faults[name]?.happened) {
      reasons.push(`--fault ${name}=${ratio} was asked for, and never happened`);
    }
  }
  return reasons;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
