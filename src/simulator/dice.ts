/**
 * Dice are the only source of chance: seeded, labelled, independent of each other.
 * A label keeps two consumers of one seed apart, so that adding a throw here moves nothing there.
 */
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A throw: a number in [0, 1) with 32 bits of chance. */
export type Dice = () => number;

/** Dice for one purpose. The same seed and label give the same throws, on every machine. */
export function dice(seed: string, label: string): Dice {
  const generator = xoroshiro128plus(hash32(`${seed}\u0000${label}`));
  return () => (generator.next() >>> 0) / 2 ** 32;
}

/** An integer in [0, bound). */
export function below(roll: Dice, bound: number): number {
  return Math.floor(roll() * bound);
}

/** One element; the list must not be empty. */
export function pick<T>(roll: Dice, list: readonly T[]): T {
  return list[below(roll, list.length)] as T;
}

/** In place, every order equally likely (Fisher and Yates). */
export function shuffle<T extends { length: number; [index: number]: unknown }>(
  roll: Dice,
  list: T,
): T {
  for (let last = list.length - 1; last > 0; last--) {
    const other = below(roll, last + 1);
    [list[last], list[other]] = [list[other], list[last]];
  }
  return list;
}

/** A well-mixed 32-bit hash of a text (FNV-1a with Murmur3's finaliser). */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
