/** A hash of a history: two runs that did the same, at the same virtual times, have the same. */
import type { HistoryReader } from './history.ts';

export interface HistoryHash {
  readonly read: HistoryReader;
  /** 16 hexadecimal digits: of all records so far, in their order. */
  digest(): string;
}

/** Of all that happened. What the run was told to do is left out: a handler's path is a machine's own. */
export function createHistoryHash(): HistoryHash {
  const { mix, digest } = createMixer();
  const float = new Float64Array(1);
  const words = new Uint32Array(float.buffer);
  const text = (value: string): void => {
    mix(value.length);
    for (let at = 0; at < value.length; at++) mix(value.charCodeAt(at));
  };
  const add = (value: unknown): void => {
    if (typeof value === 'number') {
      float[0] = value;
      mix(words[0] as number);
      mix(words[1] as number);
    } else if (typeof value === 'string') {
      text(value);
    } else if (Array.isArray(value)) {
      mix(value.length);
      for (const member of value) add(member);
    } else if (typeof value === 'object' && value !== null) {
      for (const name in value) {
        text(name);
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

/** Mixes 32-bit words, in their order, to 16 hexadecimal digits. */
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

/** No length of a text. */
const END_OF_OBJECT = -1;
