/** Options of the history that is put, and of its disorder. */
import { entities, type GameEntity } from '../../simulator/workload/winner/entities.ts';
import { fixed, type Option, type RunFlagTable, unset } from './option.ts';
import { entityCount, merged, ratio, text, whole } from './values.ts';

const HISTORY = 'History';
const DISORDER = 'Disorder';
/** More events than any run is meant for: a slip of the finger is refused before it runs out of memory. */
const COUNT_MAX = 100_000_000;

/** The disorder of a shuffled history, unless it is given. */
export const SHUFFLED = { duplicate: 0.1, delay: 0.05 };

/** A flag for each entity of the shipped workload, by its name. */
export const ENTITY_OPTIONS = Object.fromEntries(
  Object.keys(entities(1)).map((name) => [
    name,
    {
      group: HISTORY,
      describe: `Distinct ${name}; short for --entity ${name}=COUNT`,
      ...unset('in proportion to --count'),
      read: whole(1, COUNT_MAX, 40),
    },
  ]),
  // As many as there are names.
) as Readonly<Record<GameEntity, Option<number> & ReturnType<typeof unset>>>;

export const HISTORY_OPTIONS = {
  count: {
    group: HISTORY,
    describe: 'Events in the canonical history, before copies',
    ...fixed('1000'),
    read: whole(1, COUNT_MAX, 1000),
  },
  seed: {
    group: HISTORY,
    describe: 'Any text; the same seed and options give the same history, disorder and puts',
    ...unset('drawn and printed'),
    read: text,
    isShared: true,
  },
  entity: {
    group: HISTORY,
    describe: "NAME=COUNT: how many of the workload's entities of this name; may be repeated",
    ...unset('by the workload, for --count'),
    read: entityCount(COUNT_MAX),
    join: merged,
  },
  shuffle: {
    group: DISORDER,
    describe:
      'Shuffle the whole history, or within a window of this many positions; ' +
      `implies --duplicate ${SHUFFLED.duplicate} --delay ${SHUFFLED.delay} unless they are given`,
    ...fixed(false),
    read: (written, place) =>
      typeof written === 'boolean' ? written : whole(1, COUNT_MAX, 50)(written, place),
  },
  duplicate: {
    group: DISORDER,
    describe: 'Fraction of the events that are put again, one to three times, at a later position',
    ...unset('0'),
    read: ratio(0.1),
  },
  delay: {
    group: DISORDER,
    describe: 'Fraction of the events that are held back until the last fifth of the puts',
    ...unset('0'),
    read: ratio(0.05),
  },
  garbage: {
    group: DISORDER,
    describe: 'Malformed records to add, as a fraction of the events',
    ...fixed('0'),
    read: ratio(0.1),
  },
} satisfies RunFlagTable;
