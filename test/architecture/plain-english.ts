/**
 * The rule for plain technical English: phrases that no comment, message, test name or page has.
 */
import type { Source } from './source.ts';

/**
 * A sentence that needs one of these names its subject instead: the caller, the handler, the
 * reader.
 */
const PHRASES = [
  'whoever',
  'somebody',
  'nobody',
  'anybody',
  'everybody',
  'what is so',
  'is no JSON',
  'lets go wrong',
] as const;

const PATTERN = new RegExp(`\\b(${PHRASES.join('|')})\\b`, 'i');

/** One line for each line of a source that has such a phrase. */
export function englishIsPlain(sources: readonly Source[]): readonly string[] {
  return sources.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, at) => {
      const phrase = PATTERN.exec(line)?.[0];
      return phrase === undefined ? [] : [`${path}:${at + 1} says "${phrase}": ${line.trim()}`];
    }),
  );
}
