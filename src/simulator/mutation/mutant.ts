/**
 * A planted bug: a piece of one of the handler's files, and its replacement. The file must contain
 * `find` exactly once, so that a mutant can't outlive its code.
 */
import type { RunOptions } from '../model/run-options.ts';
import type { ScenarioLimits } from '../search/scenario.ts';

/**
 * What catches a mutant: wrong tables, a broken invariant, a delivery that never ends, a time-out,
 * or an invocation that takes too many requests or too long.
 */
export const CHECKS = ['divergence', 'invariant', 'liveness', 'time-out', 'cost'] as const;

export type Check = (typeof CHECKS)[number];

export interface Mutant {
  readonly name: string;
  /** The mistake, in one line. */
  readonly what: string;
  /** In src/handler. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** How the tables are wrong. */
  readonly symptom: string;
  /** The checks that may catch it; which does depends on the schedule. */
  readonly caughtBy: readonly Check[];
  /** What makes it likely, beside disorder and copies. */
  readonly options: Likely;
}

/** What the hunt for a mutant sets in a scenario; the rest is drawn. */
export type Likely = Partial<
  Pick<RunOptions, 'shards' | 'partition' | 'batchSize' | 'parallelizationFactor'>
> & {
  /** The exact number of things that the scenario's events are about. */
  readonly subjects?: number;
  readonly faults?: RunOptions['faultProfile']['ratios'];
  readonly limits?: ScenarioLimits;
};

/** Where cost is limited: one lane, no faults, no tight limits. */
export const PLAIN: Likely = {
  subjects: 1,
  shards: 1,
  parallelizationFactor: 1,
  faults: {},
  limits: {},
};

/** The text with the mutant. Throws unless there is exactly one place for it. */
export function mutate(
  text: string,
  { name, file, find, replace }: Pick<Mutant, 'name' | 'file' | 'find' | 'replace'>,
): string {
  const parts = text.split(find);
  if (parts.length !== 2) {
    throw new Error(`${name}: ${file} contains its text ${parts.length - 1} times, not once`);
  }
  return parts.join(replace);
}
