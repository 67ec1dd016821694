/** The flags of the history that is pushed, and of its disorder. */
import { RUN_DEFAULTS, SHUFFLE_DEFAULTS } from '../simulator/model/run-options.ts';
import { entities } from '../simulator/workload/winner/entities.ts';
import { fixed, unset } from './flag.ts';
import { DISORDER, HISTORY, type RunFlags } from './run-flag.ts';
import { entity, joined, ratio, text, whole } from './values.ts';

/** More events than any run is meant for; a slip of the finger meets it before memory does. */
const COUNT_MAX = 100_000_000;

/** Each entity of the shipped workload has a flag of its own, by its name. */
export const ENTITY_FLAGS: readonly string[] = Object.keys(entities(1));
export const readEntityCount = whole(1, COUNT_MAX, 40);

export const HISTORY_FLAGS = {
  count: {
    name: 'count',
    group: HISTORY,
    describe: 'Events in the canonical history, before copies',
    ...fixed(RUN_DEFAULTS.count),
    read: whole(1, COUNT_MAX, 1000),
  },
  seed: {
    name: 'seed',
    group: HISTORY,
    describe: 'Any text; the same seed and flags make the same history, disorder and pushes',
    ...unset('drawn and printed'),
    read: text,
  },
  entities: {
    name: 'entity',
    group: HISTORY,
    describe: 'NAME=COUNT, once for each kind of thing that the history of a workload is about',
    ...unset('as the workload has it for the count'),
    read: entity(COUNT_MAX),
    join: (flag, entities, more) => joined(flag, entities, more),
  },
  shuffle: {
    name: 'shuffle',
    group: DISORDER,
    describe:
      'Shuffle the whole history, or within a window of so many positions; ' +
      `brings --duplicate ${SHUFFLE_DEFAULTS.duplicate} --delay ${SHUFFLE_DEFAULTS.delay} unless they are given`,
    ...fixed(RUN_DEFAULTS.shuffle),
    read: (flag, given, folder) =>
      typeof given === 'boolean' ? given : whole(1, COUNT_MAX, 50)(flag, given, folder),
  },
  duplicate: {
    name: 'duplicate',
    group: DISORDER,
    describe: 'Share of the events that is pushed again, one to three times, anywhere later',
    ...unset('0'),
    read: ratio(0.1),
  },
  delay: {
    name: 'delay',
    group: DISORDER,
    describe: 'Share of the events that is held back until the last fifth of the pushes',
    ...unset('0'),
    read: ratio(0.05),
  },
  garbage: {
    name: 'garbage',
    group: DISORDER,
    describe: 'Malformed records added, as a share of the events',
    ...fixed(RUN_DEFAULTS.garbage),
    read: ratio(0.1),
  },
} satisfies Partial<RunFlags>;
