/**
 * A planted bug, as a value: one piece of one of the handler's files, and what stands there instead.
 * `find` must be there exactly once, so that a mutant can't outlive the code that it is about.
 */
import type { RunOptions } from '../model/run-options.ts';
import type { ScenarioLimits } from '../search/scenario.ts';

/**
 * What is to see it: the tables at the end, an invariant on the way, what never ends, an invocation past
 * its time, or one that asks for too much.
 */
export const CHECKS = ['divergence', 'invariant', 'liveness', 'time-out', 'cost'] as const;

export type Check = (typeof CHECKS)[number];

export interface Mutant {
  readonly name: string;
  /** What somebody has written, in one line. */
  readonly what: string;
  /** In src/handler. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** How the tables are wrong. */
  readonly symptom: string;
  /** The checks that may be the first to see it; which is first depends on the schedule. */
  readonly caughtBy: readonly Check[];
  /** What makes it likely, over and above disorder and copies. */
  readonly options: Likely;
}

/** Of a scenario: what of it is set, where a mutant is hunted; the rest is drawn. */
export type Likely = Partial<
  Pick<RunOptions, 'shards' | 'partition' | 'batchSize' | 'parallelizationFactor'>
> & {
  /** How many different things its events are about, exactly. */
  readonly subjects?: number;
  readonly faults?: RunOptions['faultProfile']['ratios'];
  readonly limits?: ScenarioLimits;
};

/** Where cost is judged: one lane, nothing fails, nothing is pulled tight. */
export const PLAIN: Likely = {
  subjects: 1,
  shards: 1,
  parallelizationFactor: 1,
  faults: {},
  limits: {},
};

/** The text with the mutant in it. Throws unless there is exactly one place for it. */
export function mutate(
  text: string,
  { name, file, find, replace }: Pick<Mutant, 'name' | 'file' | 'find' | 'replace'>,
): string {
  const parts = text.split(find);
  if (parts.length !== 2) {
    throw new Error(`${name}: what it replaces is ${parts.length - 1} times in ${file}, not once`);
  }
  return parts.join(replace);
}
