/**
 * From a canonical history to the order of its pushes. A push is the first record of an event, a
 * copy of it (counted from 1 in the order of the pushes), or a malformed record.
 */
import type { Random } from '../model/random.ts';
import { below, shuffle } from '../random.ts';

export interface DisorderOptions {
  /** True: over the whole history; a number: within a sliding window of so many events. */
  readonly shuffle: boolean | number;
  /** Fraction of the events that are pushed again, one to three times, anywhere later. */
  readonly duplicate: number;
  /**
   * Fraction of the events that are held back with their copies until the last fifth of the pushes.
   */
  readonly delay: number;
  /** Malformed records anywhere, as a fraction of the events. */
  readonly garbage: number;
}

export interface Push {
  /** Index into the canonical history; -1 for a malformed record. */
  readonly event: number;
  /** 0 for the first push of an event; 0 for a malformed record. */
  readonly copy: number;
  /** Index among the malformed records; -1 for an event. */
  readonly garbage: number;
}

/** Compact, because there may be millions: 8 bytes a push. */
export interface Pushes {
  readonly length: number;
  at(position: number): Push;
}

const GARBAGE = -1;
const LAST_PART = 1 / 5;

/**
 * The pushes of a history of `length` events. Fractions are rounded to whole events. If there are
 * more delayed records than the last fifth has room for, they fill the end without a gap. Throws a
 * RangeError on options out of range.
 */
export function disorder(length: number, options: DisorderOptions, random: Random): Pushes {
  checkOptions(options);
  const order = orderOf(length, options.shuffle, random);
  const delayed = chooseFraction(length, options.delay, random);
  const duplicated = chooseFraction(length, options.duplicate, random);
  const garbage = new Int32Array(Math.round(options.garbage * length)).fill(GARBAGE);

  const copies = Uint8Array.from(duplicated, (chosen) => (chosen === 1 ? 1 + below(random, 3) : 0));
  const prompt = order.filter((event) => delayed[event] === 0);
  const heldBack = order.filter((event) => delayed[event] === 1);
  const main = interleave(prompt, copies, garbage, random);
  const late = interleave(heldBack, copies, new Int32Array(0), random);
  return numbered(mergeAtEnd(main, late, random), length);
}

function checkOptions({ shuffle, duplicate, delay, garbage }: DisorderOptions): void {
  if (typeof shuffle === 'number' && !(Number.isInteger(shuffle) && shuffle >= 1)) {
    throw new RangeError(`the window of a shuffle must be a positive integer, not ${shuffle}`);
  }
  for (const [name, fraction] of Object.entries({ duplicate, delay, garbage })) {
    if (!(fraction >= 0 && fraction <= 1)) {
      throw new RangeError(`${name} must be from 0 to 1, not ${fraction}`);
    }
  }
}

/**
 * In a window, an event's position is its index plus less than the window, and ties keep their
 * order. So only events less than a window apart change places, and none moves by as much as the
 * window.
 */
function orderOf(length: number, how: boolean | number, random: Random): Int32Array {
  const order = Int32Array.from({ length }, (_, index) => index);
  if (how === true) return shuffle(random, order);
  if (how === false) return order;
  const places = Float64Array.from(order, (index) => index + random() * how);
  return order.sort((a, b) => (places[a] ?? 0) - (places[b] ?? 0) || a - b);
}

/**
 * 1 for exactly that fraction of the indexes, every choice equally likely (Knuth's algorithm S).
 */
function chooseFraction(length: number, fraction: number, random: Random): Uint8Array {
  let wanted = Math.round(fraction * length);
  return Uint8Array.from({ length }, (_, index) => {
    if (below(random, length - index) >= wanted) return 0;
    wanted--;
    return 1;
  });
}

/** The events in their order, each one's copies anywhere after it, the garbage anywhere. */
function interleave(
  events: Int32Array,
  copies: Uint8Array,
  garbage: Int32Array,
  random: Random,
): Int32Array {
  const copied = events.reduce((sum, event) => sum + (copies[event] ?? 0), 0);
  // Slot 0 is before the first event, slot n after the n-th.
  const extras: { readonly record: Int32Array; readonly slot: Int32Array } = {
    record: new Int32Array(copied + garbage.length),
    slot: new Int32Array(copied + garbage.length),
  };
  let extra = 0;
  for (const record of garbage) {
    extras.slot[extra] = below(random, events.length + 1);
    extras.record[extra++] = record;
  }
  events.forEach((event, index) => {
    for (let copy = 0; copy < (copies[event] ?? 0); copy++) {
      extras.slot[extra] = index + 1 + below(random, events.length - index);
      extras.record[extra++] = event;
    }
  });
  // Shuffled first, so that the order within a slot is random.
  const bySlot = shuffle(
    random,
    Int32Array.from(extras.slot, (_, index) => index),
  ).sort((a, b) => (extras.slot[a] ?? 0) - (extras.slot[b] ?? 0));
  const merged = new Int32Array(events.length + extra);
  let [position, next] = [0, 0];
  for (let slot = 0; slot <= events.length; slot++) {
    if (slot > 0) merged[position++] = events[slot - 1] ?? 0;
    while (next < extra && extras.slot[bySlot[next] ?? 0] === slot) {
      merged[position++] = extras.record[bySlot[next++] ?? 0] ?? 0;
    }
  }
  return merged;
}

/** Each list in its own order, the late one at random positions of the last fifth. */
function mergeAtEnd(main: Int32Array, late: Int32Array, random: Random): Int32Array {
  const length = main.length + late.length;
  const start = Math.min(Math.ceil(length * (1 - LAST_PART)), main.length);
  const merged = new Int32Array(length);
  merged.set(main.subarray(0, start));
  let [nextMain, nextLate] = [start, 0];
  for (let position = start; position < length; position++) {
    const isLate = below(random, length - position) < late.length - nextLate;
    merged[position] = (isLate ? late[nextLate++] : main[nextMain++]) ?? 0;
  }
  return merged;
}

/** Counts each event's copies and the malformed records in the order of the pushes. */
function numbered(records: Int32Array, length: number): Pushes {
  const ordinals = new Int32Array(records.length);
  const pushed = new Uint8Array(length);
  let malformed = 0;
  records.forEach((event, position) => {
    if (event === GARBAGE) {
      ordinals[position] = malformed++;
      return;
    }
    const copy = pushed[event] ?? 0;
    ordinals[position] = copy;
    pushed[event] = copy + 1;
  });
  return {
    length: records.length,
    at(position) {
      const event = records[position];
      const ordinal = ordinals[position];
      if (event === undefined || ordinal === undefined) throw new RangeError(`no push ${position}`);
      return event === GARBAGE
        ? { event, copy: 0, garbage: ordinal }
        : { event, copy: ordinal, garbage: -1 };
    },
  };
}
