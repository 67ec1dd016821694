/**
 * Seeded random sources, the simulator's only randomness. Sources with different labels are
 * independent: an extra draw from one doesn't change another.
 */
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Random } from './model/random.ts';

/** The same seed and label give the same numbers on every machine. */
export function seededRandom(seed: string, label: string): Random {
  const generator = xoroshiro128plus(hash32(`${seed}\u0000${label}`));
  return () => (generator.next() >>> 0) / 2 ** 32;
}

/** An integer in [0, bound). */
export function below(random: Random, bound: number): number {
  return Math.floor(random() * bound);
}

/** One element of a list, which must not be empty. */
export function pick<T>(random: Random, list: readonly T[]): T {
  return list[below(random, list.length)] as T;
}

/** Shuffles in place; every order is equally likely (Fisher-Yates). */
export function shuffle<T extends { length: number; [index: number]: unknown }>(
  random: Random,
  list: T,
): T {
  for (let last = list.length - 1; last > 0; last--) {
    const other = below(random, last + 1);
    [list[last], list[other]] = [list[other], list[last]];
  }
  return list;
}

/** A 32-bit hash of a string (FNV-1a with Murmur3's finaliser). */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
