/** Hashes a history: runs with the same facts at the same virtual times have the same hash. */
import type { HistoryReader } from './history.ts';

export interface HistoryHash {
  readonly read: HistoryReader;
  /** 16 hexadecimal digits over all records read so far, in order. */
  digest(): string;
}

/** Leaves out the run's options: a handler's path differs between machines. */
export function createHistoryHash(): HistoryHash {
  const { mix, digest } = createMixer();
  const float = new Float64Array(1);
  const words = new Uint32Array(float.buffer);
  const mixText = (value: string): void => {
    mix(value.length);
    for (let at = 0; at < value.length; at++) mix(value.charCodeAt(at));
  };
  const add = (value: unknown): void => {
    if (typeof value === 'number') {
      float[0] = value;
      mix(words[0] as number);
      mix(words[1] as number);
    } else if (typeof value === 'string') {
      mixText(value);
    } else if (Array.isArray(value)) {
      mix(value.length);
      for (const member of value) add(member);
    } else if (typeof value === 'object' && value !== null) {
      for (const name in value) {
        mixText(name);
        add((value as Readonly<Record<string, unknown>>)[name]);
      }
      mix(END_OF_OBJECT);
    } else {
      mix(value === true ? 1 : value === false ? 2 : 3);
    }
  };
  return {
    read(record) {
      if (record.type !== 'run-started') add(record);
    },
    digest,
  };
}

/** Mixes a sequence of 32-bit words into 16 hexadecimal digits. */
export function createMixer() {
  // Two lanes that differ in their multipliers.
  let [left, right] = [0x811c9dc5, 0x9e3779b9];
  const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, '0');
  return {
    mix(word: number): void {
      left = Math.imul(left ^ word, 0x01000193);
      right = Math.imul(right ^ word, 0x85ebca6b);
      left ^= left >>> 15;
      right ^= right >>> 13;
    },
    digest: () => hex(left) + hex(right),
  };
}

/** Differs from every string length. */
const END_OF_OBJECT = -1;
