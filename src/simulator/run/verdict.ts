/**
 * The verdict on a run. Diverged: the tables are wrong, and nothing excuses it. Unknown: nothing can be
 * said, because a limit was reached or something that was asked for never happened. Pure.
 */
import type { RunOptions } from './options.ts';
import type { Figures, Verdict } from './result.ts';

export interface Findings {
  readonly options: RunOptions;
  readonly differences: number;
  /** Of those, the ones on which no record bears that was discarded to the on-failure destination. */
  readonly unexcused?: number;
  readonly quarantined: number | undefined;
  /** Tables that are not there any more. */
  readonly gone?: readonly string[];
  readonly figures: Figures;
  /** The invariant that was broken while the run went on. */
  readonly violation?: string | undefined;
  /** Why not everything was delivered. */
  readonly stalled: string | undefined;
  /** What an invocation failed with last. */
  readonly lastError?: string | undefined;
}

export function judge(findings: Findings): {
  readonly verdict: Verdict;
  readonly reasons: readonly string[];
} {
  const wrong = wrongs(findings);
  const unknown = unknowns(findings);
  // Tables that lack what was never delivered say nothing about the handler.
  const isLawful =
    findings.figures.delivery.discardedRecords > 0 && (findings.unexcused ?? 0) === 0;
  const isExcused = findings.stalled !== undefined || isLawful;
  const excused = findings.violation === undefined && !findings.gone?.length && isExcused;
  const reasons = excused ? [...unknown, ...wrong] : [...wrong, ...unknown];
  if (wrong.length > 0 && !excused) return { verdict: 'diverged', reasons };
  return { verdict: reasons.length > 0 ? 'unknown' : 'converged', reasons };
}

function wrongs(findings: Findings): string[] {
  const { violation, differences, unexcused, quarantined, gone = [], figures } = findings;
  const reasons: string[] = [];
  if (violation !== undefined) return [`an invariant was broken: ${violation}`];
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

function unknowns({ options, figures, stalled, lastError }: Findings): string[] {
  const reasons: string[] = [];
  if (stalled !== undefined) reasons.push(stalled);
  const { discardedRecords, repeats } = figures.delivery;
  if (discardedRecords > 0) {
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
