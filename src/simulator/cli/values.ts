/** Readers of flag values: the value, or one line that says what was wrong and what would be right. */
import { statSync } from 'node:fs';
import path from 'node:path';
import { SimulatorError } from '../errors.ts';
import { suggestion } from './suggest.ts';

/** What the parser found: the text after the flag, `true` without one, `false` for `--no-...`. */
export type Given = string | boolean;

type Reader<Value> = (flag: string, given: Given, folder: string) => Value;

export function whole(min: number, max: number, example: number): Reader<number> {
  const right = `a whole number from ${min} to ${max}, such as`;
  return (flag, given) => {
    const value = typeof given === 'string' && /^-?\d+$/.test(given) ? Number(given) : Number.NaN;
    if (!(value >= min && value <= max)) throw wrong(flag, `${right} --${flag} ${example}`, given);
    // `-0` is 0.
    return value + 0;
  };
}

export function ratio(example: number): Reader<number> {
  return (flag, given) => {
    const decimal = /^(\d+\.?\d*|\.\d+)(e-?\d+)?$/i;
    const value = typeof given === 'string' && decimal.test(given) ? Number(given) : Number.NaN;
    if (!(value >= 0 && value <= 1)) {
      throw wrong(flag, `a number from 0 to 1, such as --${flag} ${example}`, given);
    }
    return value;
  };
}

export const text: Reader<string> = (flag, given) => {
  if (typeof given === 'string') return given;
  throw wrong(
    flag,
    `a text, such as --${flag} S (or --${flag}=-S if it begins with a dash)`,
    given,
  );
};

/** One of some words; `later`: words that will be right one day. */
export function choice<const Word extends string>(
  words: readonly Word[],
  later: readonly string[] = [],
): Reader<Word> {
  return (flag, given) => {
    const found = words.find((word) => word === given);
    if (found !== undefined) return found;
    if (typeof given === 'string' && later.includes(given)) {
      const now = words.map((word) => `--${flag} ${word}`).join(' or ');
      throw new SimulatorError('usage', `--${flag} ${given} isn't there yet; use ${now}`);
    }
    const nearest = typeof given === 'string' ? suggestion(given, words) : undefined;
    const hint = nearest === undefined ? '' : ` (did you mean ${nearest}?)`;
    throw wrong(flag, words.join(' or '), given, hint);
  };
}

export const onOff: Reader<boolean> = (flag, given) => {
  if (typeof given === 'boolean') return given;
  if (given === 'true' || given === 'false') return given === 'true';
  throw new SimulatorError(
    'usage',
    `--${flag} takes no value: write --${flag} or --no-${flag}, without ${quoted(given)}`,
  );
};

/** `FILE[#EXPORT]` with FILE absolute. A file whose own name has a `#` in it is found as well. */
export const handlerFile: Reader<string> = (flag, given, folder) => {
  const right = `a file with a handler, such as --${flag} my-handler.ts or --${flag} my-handler.ts#handle`;
  if (typeof given !== 'string' || given === '') throw wrong(flag, right, given);
  const hash = given.lastIndexOf('#');
  const isWhole = hash < 0 || isFile(path.resolve(folder, given));
  const file = path.resolve(folder, isWhole ? given : given.slice(0, hash));
  const exported = isWhole ? '' : given.slice(hash);
  if (exported === '#') throw wrong(flag, right, given);
  if (!isFile(file)) {
    throw new SimulatorError('usage', `--${flag}: there is no file ${printed(file)}`);
  }
  return `${file}${exported}`;
};

/**
 * The URL of a server on this machine. Others are refused: a run creates tables and fills them with
 * made-up sales, and must not do so on somebody's AWS account by a slip of an address.
 */
export function endpoint(port: number): Reader<string> {
  return (flag, given) => {
    const right = `an http or https URL, such as --${flag} http://127.0.0.1:${port}`;
    const url = typeof given === 'string' && URL.canParse(given) ? new URL(given) : undefined;
    if (url === undefined || !/^https?:$/.test(url.protocol)) throw wrong(flag, right, given);
    if (!/^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname)) {
      throw new SimulatorError(
        'usage',
        `--${flag}: --world local uses servers on this machine only ` +
          `(localhost, 127.0.0.1 or [::1]), not ${url.hostname}`,
      );
    }
    return url.href.replace(/\/$/, '');
  };
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

function wrong(flag: string, right: string, given: Given, hint = ''): SimulatorError {
  if (given === false) return new SimulatorError('usage', `--no-${flag}: --${flag} takes ${right}`);
  const got = given === true ? 'got none' : `got ${quoted(given)}`;
  return new SimulatorError('usage', `--${flag} takes ${right}; ${got}${hint}`);
}

/** In quotes, on one line, and not longer than a line. */
export function quoted(given: string): string {
  return JSON.stringify(given.length > 60 ? `${given.slice(0, 60)}…` : given);
}

/** A path without what would break the line. */
function printed(file: string): string {
  return JSON.stringify(file).slice(1, -1);
}
