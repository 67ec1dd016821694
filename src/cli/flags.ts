/**
 * The flags of a run: one entry for each option, from which the parser, the help, the header and the
 * command that repeats a run are made. The type asks for an entry for every field of `RunOptions`.
 */

import { RUN_DEFAULTS, type RunOptions, SHUFFLE_DEFAULTS } from '../simulator/model/run-options.ts';
import type { Entities } from '../simulator/model/workload.ts';
import { hash32 } from '../simulator/random.ts';
import { DELIVERY_FLAGS } from './flags-of-delivery.ts';
import { HISTORY_FLAGS } from './flags-of-history.ts';
import { WORLD_FLAGS } from './flags-of-world.ts';
import { AWS, DELIVERY, FAULTS, type RunFlag, type RunFlags, WORLD } from './run-flag.ts';

export const FLAGS: RunFlags = { ...HISTORY_FLAGS, ...DELIVERY_FLAGS, ...WORLD_FLAGS };

/** Flags that say nothing to a deployed stack, whose stream, delivery, faults and handler are its own. */
export const NOT_OF_AWS = [
  'shards',
  ...keysOf(DELIVERY),
  ...keysOf(FAULTS),
  ...keysOf(WORLD).filter((key) => key !== 'world'),
] as const;
export const OF_AWS_ALONE = keysOf(AWS);

function keysOf(group: RunFlag<unknown>['group']): readonly (keyof RunOptions)[] {
  return (Object.keys(FLAGS) as (keyof RunOptions)[]).filter((key) => FLAGS[key].group === group);
}

/** In the order of the help. */
export const FLAG_KEYS = Object.keys(FLAGS) as (keyof RunOptions)[];

/** The entities of the shipped workload for a count. */
export type WorkloadDefaults = (count: number) => Entities;

/** What the options are where only these three are given. */
export function defaultOptions(
  { seed, count, shuffle }: Pick<RunOptions, 'seed' | 'count' | 'shuffle'>,
  workloadDefaults: WorkloadDefaults,
): RunOptions {
  const prefix = hash32(seed).toString(36);
  const entities = workloadDefaults(count);
  const shuffled = shuffle === false ? {} : SHUFFLE_DEFAULTS;
  return { ...RUN_DEFAULTS, ...shuffled, seed, count, entities, shuffle, prefix };
}
