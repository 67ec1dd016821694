/** Translates places in a bundle, as stacks name them, to lines of the handler's own files. */
import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import path from 'node:path';

export interface SourceLines {
  /** Any text with such places in it, such as an error's stack or a line that the handler printed. */
  translate(text: string): string;
  /** `FILE:LINE` for a place in the bundle, both counted from 0; undefined: not from the handler's own files. */
  placeOf(line: number, column: number): string | undefined;
}

/** Of a file that is its own source. */
export const NO_BUNDLE: SourceLines = { translate: (text) => text, placeOf: () => undefined };

/** An error of a handler as reports name it: what it says, and the first place in the handler's own code. */
export function describeError(
  error: unknown,
  lines: Pick<SourceLines, 'translate'>,
): ErrorDescription {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const stack = lines.translate(error.stack ?? '');
  const place = ownPlaceIn(stack);
  const message = place === undefined ? error.message : `${error.message} (${place})`;
  return { name: error.name, message, stack };
}

export interface ErrorDescription {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
}

export function createSourceLines({ file }: { readonly file: string }): SourceLines {
  let known: SourceMap | undefined;
  const map = (): SourceMap => {
    known ??= new SourceMap(JSON.parse(readFileSync(`${file}.map`, 'utf8')));
    return known;
  };
  const places = new RegExp(
    `(?:file://)?${file.replace(/[^\w/]/g, '\\$&')}:(\\d+)(?::(\\d+))?`,
    'g',
  );
  const original = (line: number, column: number): { source: string; line: number } | undefined => {
    const entry = map().findEntry(line, column);
    if (!('originalSource' in entry) || entry.originalSource === undefined) return undefined;
    return { source: shorten(entry.originalSource), line: entry.originalLine + 1 };
  };
  return {
    translate(text) {
      // Most texts name no place: the map is not read for them.
      if (!text.includes(file)) return text;
      return text.replace(places, (place, line: string, column: string | undefined) => {
        const found = original(Number(line) - 1, Number(column ?? 1) - 1);
        return found === undefined ? place : `${found.source}:${found.line}`;
      });
    },
    placeOf(line, column) {
      const found = original(line, column);
      if (found === undefined || found.source.includes('node_modules/')) return undefined;
      return `${found.source}:${found.line}`;
    },
  };
}

/** From the working directory, where it lies in it. */
function shorten(source: string): string {
  const file = source.replace(/^file:\/\//, '');
  const relative = path.relative(process.cwd(), file);
  return relative.startsWith('..') ? file : relative;
}

/**
 * The first place of a translated stack that is in the handler's own code: the frame to read first. Undefined
 * where all of it is in packages or in Node itself.
 */
export function ownPlaceIn(stack: string): string | undefined {
  for (const frame of stack.match(/^ +at .*$/gm) ?? []) {
    const place = /((?:\/|[\w.@-])[^\s()]*?:\d+)(?::\d+)?\)?$/.exec(frame)?.[1];
    if (place === undefined || /(^|\/)node_modules\/|^node:/.test(place)) continue;
    return shorten(place);
  }
  return undefined;
}
