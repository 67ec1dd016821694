/** The flags of the history that is pushed, and of its disorder. */
import { fixed, unset } from './flag.ts';
import { DISORDER, HISTORY, type RunFlags } from './run-flag.ts';
import { ratio, text, whole } from './values.ts';

/** More events than any run is meant for; a slip of the finger meets it before memory does. */
const COUNT_MAX = 100_000_000;

/** What a shuffled history has where nobody says. */
export const SHUFFLED = { duplicate: 0.1, delay: 0.05 };

export const HISTORY_FLAGS = {
  count: {
    name: 'count',
    group: HISTORY,
    describe: 'Events in the canonical history, before copies',
    ...fixed('1000'),
    read: whole(1, COUNT_MAX, 1000),
  },
  seed: {
    name: 'seed',
    group: HISTORY,
    describe: 'Any text; the same seed and flags make the same history, disorder and pushes',
    ...unset('drawn and printed'),
    read: text,
  },
  products: {
    name: 'products',
    group: HISTORY,
    describe: 'Distinct products',
    ...unset('in proportion to the count'),
    read: whole(1, COUNT_MAX, 40),
  },
  users: {
    name: 'users',
    group: HISTORY,
    describe: 'Distinct users',
    ...unset('in proportion to the count'),
    read: whole(1, COUNT_MAX, 10),
  },
  shuffle: {
    name: 'shuffle',
    group: DISORDER,
    describe:
      'Shuffle the whole history, or within a window of so many positions; ' +
      `brings --duplicate ${SHUFFLED.duplicate} --delay ${SHUFFLED.delay} unless they are given`,
    ...fixed(false),
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
    ...fixed('0'),
    read: ratio(0.1),
  },
} satisfies Partial<RunFlags>;
