/** What a flag of a run has beside what every flag has. */
import type { RunOptions } from '../simulator/model/run-options.ts';
import type { Flag } from './flag.ts';

export interface RunFlag<Value> extends Flag<Value> {
  readonly name: string;
  readonly group: (typeof GROUPS)[number];
  /** For a flag that may be given several times: the values read so far, and one more. */
  join?(flag: string, values: Value, value: Value): Value;
}

/** One for every option. */
export type RunFlags = { readonly [Key in keyof RunOptions]: RunFlag<RunOptions[Key]> };

/** In the order of the help. */
export const GROUPS = [
  'History:',
  'Disorder:',
  'Stream:',
  'Delivery (the event source mapping):',
  'Faults:',
  'Handler and world:',
  'A deployed stack (--world aws):',
] as const;

export const [HISTORY, DISORDER, STREAM, DELIVERY, FAULTS, WORLD, AWS] = GROUPS;
