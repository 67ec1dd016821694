/**
 * The verdict on a run. Diverged: the tables are wrong, and nothing excuses it. Unknown: nothing can be
 * said, because a limit was reached or something that was asked for never happened. Pure.
 */
import type { RunOptions } from './options.ts';
import type { Figures, Verdict } from './result.ts';

export interface Findings {
  readonly options: RunOptions;
  readonly differences: number;
  readonly quarantined: number | undefined;
  readonly figures: Figures;
  /** Why not everything was delivered. */
  readonly stalled: string | undefined;
}

export function judge(findings: Findings): {
  readonly verdict: Verdict;
  readonly reasons: readonly string[];
} {
  const wrong = wrongs(findings);
  const unknown = unknowns(findings);
  // Tables that lack what was never delivered say nothing about the handler.
  const excused = findings.stalled !== undefined || findings.figures.delivery.discardedRecords > 0;
  const reasons = excused ? [...unknown, ...wrong] : [...wrong, ...unknown];
  if (wrong.length > 0 && !excused) return { verdict: 'diverged', reasons };
  return { verdict: reasons.length > 0 ? 'unknown' : 'converged', reasons };
}

function wrongs({ differences, quarantined, figures }: Findings): string[] {
  const reasons: string[] = [];
  if (differences > 0) {
    reasons.push(`${plural(differences, 'row')} differ from the reference`);
  }
  const { malformed } = figures.disorder;
  if (quarantined !== undefined && quarantined !== malformed) {
    reasons.push(
      `${plural(malformed, 'malformed record')} pushed, but ${quarantined} rows in quarantine`,
    );
  }
  return reasons;
}

function unknowns({ options, figures, stalled }: Findings): string[] {
  const reasons: string[] = [];
  if (stalled !== undefined) reasons.push(stalled);
  const { discardedRecords, repeats } = figures.delivery;
  if (discardedRecords > 0) {
    reasons.push(`${plural(discardedRecords, 'record')} discarded to the on-failure destination`);
  }
  if (options.repeatDelivery > 0 && repeats === 0) {
    reasons.push('--repeat-delivery was asked for, and no batch was delivered twice');
  }
  return reasons;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
