/** A flag: how the help describes it, how it is read, and what it is where it isn't given. */
import type { Given, Reader } from './values.ts';

export interface Flag<Value> {
  readonly describe: string;
  /** What is read where it isn't given, as it would be typed; undefined: the value is undefined, or follows from others. */
  readonly fallback: Given | undefined;
  /** The default as the help shows it. */
  readonly byDefault: string;
  /** The value that was given, or a `SimulatorError` in one line; `folder`: what paths start from. */
  readonly read: Reader<Value>;
}

/** A default that is a value. */
export function fixed(value: Given | number) {
  const fallback = typeof value === 'number' ? String(value) : value;
  const byDefault = typeof fallback === 'string' ? fallback : fallback ? 'on' : 'off';
  return { fallback, byDefault };
}

/** No value by default, or one that follows from others. */
export function unset(byDefault = 'none') {
  return { fallback: undefined, byDefault };
}
