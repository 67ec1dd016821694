/** The result as one JSON document, for programs. */
import type { RunResult } from '../model/run-result.ts';

/**
 * One document on several lines, ending in a newline. Every field is there, except those that can't
 * be measured of a deployed stack.
 */
export function formatJson(result: RunResult): string {
  const { delivery, kills, faults, dynamodb, ...figures } = result.figures;
  const shown = figures.remote === undefined ? result : { ...result, figures };
  return `${JSON.stringify(shown, jsonValue, 2)}\n`;
}

/**
 * Values that JSON lacks: bytes become `{"base64": "..."}`, sets lists, bigints texts, undefined
 * null.
 */
export function jsonValue(
  this: Readonly<Record<string, unknown>>,
  name: string,
  value: unknown,
): unknown {
  if (value === undefined) return null;
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Set) return [...value];
  // Not `value`, which of a Buffer is the result of its own `toJSON`.
  const bytes = this[name];
  if (bytes instanceof Uint8Array) return { base64: Buffer.from(bytes).toString('base64') };
  return value;
}
