/** The result as one JSON document, for programs. */
import type { RunResult } from '../model/run-result.ts';

/**
 * One document on several lines, ending in a newline. What JSON has no word for: bytes become
 * `{"base64": "..."}`, sets lists, big integers texts, and what is undefined `null`, so that every
 * field is always there. Only what can't be measured of a deployed stack is left out there.
 */
export function formatJson(result: RunResult): string {
  const { delivery, kills, faults, dynamodb, ...figures } = result.figures;
  const shown = figures.remote === undefined ? result : { ...result, figures };
  return `${JSON.stringify(shown, jsonValue, 2)}\n`;
}

export function jsonValue(
  this: Readonly<Record<string, unknown>>,
  name: string,
  value: unknown,
): unknown {
  if (value === undefined) return null;
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Set) return [...value];
  // Not `value`: a Buffer would have turned itself into something else by now.
  const bytes = this[name];
  if (bytes instanceof Uint8Array) return { base64: Buffer.from(bytes).toString('base64') };
  return value;
}
