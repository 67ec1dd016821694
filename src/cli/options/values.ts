/** Readers of option values: each returns the value, or says in one line what was wrong and what is right. */
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { SimulatorError } from '../../simulator/model/errors.ts';
import { type FaultProfile, PROFILES } from '../../simulator/model/fault-profiles.ts';
import { FAULT_NAMES, type FaultRatios, MEMORY_FAULT_NAMES } from '../../simulator/model/faults.ts';
import { suggestion } from '../suggest.ts';
import { type Place, type Reader, refused, type Written } from './option.ts';

export function whole(min: number, max: number, example: number): Reader<number> {
  const right = `a whole number from ${min} to ${max}, such as`;
  return (written, place) => {
    const isWhole = typeof written === 'string' && /^-?\d+$/.test(written);
    const value = isWhole ? Number(written) : Number.NaN;
    if (!(value >= min && value <= max)) {
      throw wrong(place, `${right} --${place.flag} ${example}`, written);
    }
    // `-0` is 0.
    return value + 0;
  };
}

export function ratio(example: number): Reader<number> {
  return (written, place) => {
    const value = typeof written === 'string' ? decimal(written) : Number.NaN;
    if (value >= 0 && value <= 1) return value;
    throw wrong(place, `a number from 0 to 1, such as --${place.flag} ${example}`, written);
  };
}

/** `NAME=RATIO`. */
export const fault: Reader<FaultRatios> = (written, place) => {
  const [typed, rest] = assigned(
    written,
    `NAME=RATIO, such as --${place.flag} throttled=0.05`,
    place,
  );
  const name = ALL_FAULT_NAMES.find((each) => each === typed);
  if (name === undefined) throw noFault(typed, place);
  const value = decimal(rest);
  if (value > 0 && value <= 1) return { [name]: value };
  const example = `--${place.flag} ${name}=0.05`;
  throw wrong(place, `a RATIO over 0 and at most 1, such as ${example}`, written);
};

const ALL_FAULT_NAMES = [...FAULT_NAMES, ...MEMORY_FAULT_NAMES] as const;

function noFault(typed: string, place: Place): SimulatorError {
  const nearest = suggestion(typed, ALL_FAULT_NAMES);
  const hint =
    nearest === undefined ? `, only ${ALL_FAULT_NAMES.join(', ')}` : `; did you mean ${nearest}?`;
  return refused(place, `--${place.flag}: there is no fault ${quoted(typed)}${hint}`);
}

/** The name of a profile, or a JSON file, which is read now. */
export const faultProfile: Reader<FaultProfile> = (written, place) => {
  if (typeof written === 'string' && Object.hasOwn(PROFILES, written)) {
    return { name: written, ratios: PROFILES[written as keyof typeof PROFILES] };
  }
  const right = `${Object.keys(PROFILES).join(', ')}, or a JSON file such as {"throttled": 0.05}`;
  if (typeof written !== 'string' || !isFile(path.resolve(place.folder, written))) {
    throw wrong(place, right, written);
  }
  const name = path.resolve(place.folder, written);
  const bad = (text: string) => refused(place, `--${place.flag}: ${text}`);
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(name, 'utf8'));
  } catch (error) {
    throw bad(`${printed(name)} is not valid JSON: ${(error as Error).message}`);
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw wrong(place, right, written);
  }
  for (const [fault, ratio] of Object.entries(content)) {
    if (!ALL_FAULT_NAMES.some((each) => each === fault)) throw noFault(fault, place);
    if (typeof ratio === 'number' && ratio >= 0 && ratio <= 1) continue;
    const got = JSON.stringify(ratio);
    throw bad(`${fault} in ${printed(name)} must be a number from 0 to 1, not ${got}`);
  }
  return { name, ratios: content };
};

/** `NAME=COUNT`. Whether the workload has such an entity is known when it is loaded. */
export function entityCount(max: number): Reader<Readonly<Record<string, number>>> {
  return (written, place) => {
    const right = `NAME=COUNT, such as --${place.flag} accounts=40`;
    const [name, rest] = assigned(written, right, place);
    const count = /^\d+$/.test(rest) ? Number(rest) : Number.NaN;
    if (name !== '' && count >= 1 && count <= max) return { [name]: count };
    throw wrong(place, right, written);
  };
}

function assigned(written: Written, right: string, place: Place): readonly [string, string] {
  const at = typeof written === 'string' ? written.indexOf('=') : -1;
  if (typeof written !== 'string' || at < 0) throw wrong(place, right, written);
  return [written.slice(0, at), written.slice(at + 1)];
}

/** For `join`: two values for one name are a mistake, as they are for any other flag. */
export function merged<Values extends object>(values: Values, more: Values, place: Place): Values {
  const twice = Object.keys(more).find((name) => Object.hasOwn(values, name));
  if (twice === undefined) return { ...values, ...more };
  throw refused(place, `--${place.flag} ${twice} was given twice; once is enough`);
}

export const text: Reader<string> = (written, place) => {
  if (typeof written === 'string') return written;
  const { flag } = place;
  const right = `a text, such as --${flag} S (or --${flag}=-S if it begins with a dash)`;
  throw wrong(place, right, written);
};

/** An absolute path; undefined for `--no-...`. Whether it is writable is found out by writing. */
export const folder: Reader<string | undefined> = (written, place) => {
  if (written === false) return undefined;
  if (typeof written === 'string' && written !== '') return path.resolve(place.folder, written);
  const { flag } = place;
  throw wrong(place, `a folder, such as --${flag} runs (--no-${flag} for none)`, written);
};

/** The stage of a stack, which is a part of the stack's name. */
export const stageName = matching(
  /^[A-Za-z0-9][A-Za-z0-9-]{0,99}$/,
  "a stage's name: letters, digits and dashes, such as",
  'dev',
);

export const runPrefix = matching(
  /^[A-Za-z0-9][\w.-]{0,31}$/,
  'up to 32 letters, digits, dots, dashes and underscores, such as',
  'run-1',
);

function matching(pattern: RegExp, right: string, example: string): Reader<string> {
  return (written, place) => {
    if (typeof written === 'string' && pattern.test(written)) return written;
    throw wrong(place, `${right} --${place.flag} ${example}`, written);
  };
}

/** One of these words. */
export function choice<const Word extends string>(words: readonly Word[]): Reader<Word> {
  return (written, place) => {
    const word = words.find((each) => each === written);
    if (word !== undefined) return word;
    const nearest = typeof written === 'string' ? suggestion(written, words) : undefined;
    const hint = nearest === undefined ? '' : ` (did you mean ${nearest}?)`;
    throw wrong(place, words.join(' or '), written, hint);
  };
}

export const onOff: Reader<boolean> = (written, place) => {
  if (typeof written === 'boolean') return written;
  if (written === 'true' || written === 'false') return written === 'true';
  const { flag } = place;
  throw refused(
    place,
    `--${flag} takes no value: write --${flag} or --no-${flag}, without ${quoted(written)}`,
  );
};

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds. */
export const duration: Reader<number> = (written, place) => {
  const [, number, unit] =
    typeof written === 'string' ? (/^(\d+)(ms|s|m|h)?$/.exec(written) ?? []) : [];
  const ms = Number(number) * (UNITS[unit ?? 's'] ?? 0);
  if (ms > 0) return ms;
  const { flag } = place;
  throw wrong(place, `a time, such as --${flag} 60s or --${flag} 10m`, written);
};

/** `FILE[#EXPORT]` with FILE absolute. FILE's own name may contain a `#`. */
export function moduleReference(what: string, example: string): Reader<string> {
  return (written, place) => {
    const { flag } = place;
    const right = `a file with ${what}, such as --${flag} ${example} or --${flag} ${example}#name`;
    if (typeof written !== 'string' || written === '') throw wrong(place, right, written);
    const hash = written.lastIndexOf('#');
    const isWhole = hash < 0 || isFile(path.resolve(place.folder, written));
    const file = path.resolve(place.folder, isWhole ? written : written.slice(0, hash));
    const exported = isWhole ? '' : written.slice(hash);
    if (exported === '#') throw wrong(place, right, written);
    if (!isFile(file)) throw refused(place, `--${flag}: there is no file ${printed(file)}`);
    return `${file}${exported}`;
  };
}

/**
 * The URL of a server on this machine. Others are refused: a run creates tables and fills them with generated
 * events, and a mistyped address must not make it do so in an AWS account.
 */
export function endpoint(port: number): Reader<string> {
  return (written, place) => {
    const { flag } = place;
    const right = `an http or https URL, such as --${flag} http://127.0.0.1:${port}`;
    const url = typeof written === 'string' && URL.canParse(written) ? new URL(written) : undefined;
    if (url === undefined || !/^https?:$/.test(url.protocol)) throw wrong(place, right, written);
    if (/^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname)) {
      return url.href.replace(/\/$/, '');
    }
    const allowed = 'servers on this machine only (localhost, 127.0.0.1 or [::1])';
    throw refused(place, `--${flag}: --world local uses ${allowed}, not ${url.hostname}`);
  };
}

/** NaN for anything else, such as a hexadecimal number. */
function decimal(written: string): number {
  return /^(\d+\.?\d*|\.\d+)(e-?\d+)?$/i.test(written) ? Number(written) : Number.NaN;
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

export function wrong(place: Place, right: string, written: Written, hint = ''): SimulatorError {
  const { flag } = place;
  if (written === false) return refused(place, `--no-${flag}: --${flag} takes ${right}`);
  const got = written === true ? 'got none' : `got ${quoted(written)}`;
  return refused(place, `--${flag} takes ${right}; ${got}${hint}`);
}

/** In quotes, on one line, and not longer than a line. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

/** A path without the characters that would break the line. */
function printed(file: string): string {
  return JSON.stringify(file).slice(1, -1);
}
