/** Readers of flag values: the value, or one line that says what was wrong and what would be right. */
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { SimulatorError } from '../simulator/model/errors.ts';
import { type FaultProfile, PROFILES } from '../simulator/model/fault-profiles.ts';
import { FAULT_NAMES, type FaultRatios, MEMORY_FAULT_NAMES } from '../simulator/model/faults.ts';
import type { Entities } from '../simulator/model/workload.ts';
import { suggestion } from './suggest.ts';

/** What the parser found: the text after the flag, `true` without one, `false` for `--no-...`. */
export type Given = string | boolean;

/** `folder`: what paths start from. */
export type Reader<Value> = (flag: string, given: Given, folder: string) => Value;

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
    const value = typeof given === 'string' ? decimal(given) : Number.NaN;
    if (!(value >= 0 && value <= 1)) {
      throw wrong(flag, `a number from 0 to 1, such as --${flag} ${example}`, given);
    }
    return value;
  };
}

/** `NAME=RATIO`. */
export const fault: Reader<FaultRatios> = (flag, given) => {
  const right = `NAME=RATIO, such as --${flag} throttled=0.05`;
  const [, typed, rest] = typeof given === 'string' ? (/^([^=]*)=(.*)$/s.exec(given) ?? []) : [];
  if (typed === undefined || rest === undefined) throw wrong(flag, right, given);
  const name = ALL_FAULT_NAMES.find((each) => each === typed);
  if (name === undefined) throw noFault(flag, typed);
  const value = decimal(rest);
  if (!(value > 0 && value <= 1)) {
    const example = `--${flag} ${name}=0.05`;
    throw wrong(flag, `a RATIO over 0 and at most 1, such as ${example}`, given);
  }
  return { [name]: value };
};

const ALL_FAULT_NAMES = [...FAULT_NAMES, ...MEMORY_FAULT_NAMES] as const;

function noFault(flag: string, typed: string): SimulatorError {
  const nearest = suggestion(typed, ALL_FAULT_NAMES);
  const hint = nearest === undefined ? '' : `; did you mean ${nearest}?`;
  const names = ALL_FAULT_NAMES.join(', ');
  return new SimulatorError(
    'usage',
    `--${flag}: there is no fault ${quoted(typed)}${hint === '' ? `, only ${names}` : hint}`,
  );
}

/** One of the profiles' names, or a JSON file, of which the whole is read now. */
export const faultProfile: Reader<FaultProfile> = (flag, given, folder) => {
  if (typeof given === 'string' && Object.hasOwn(PROFILES, given)) {
    return { name: given, ratios: PROFILES[given as keyof typeof PROFILES] };
  }
  const right = `${Object.keys(PROFILES).join(', ')}, or a JSON file such as {"throttled": 0.05}`;
  if (typeof given !== 'string' || !isFile(path.resolve(folder, given))) {
    throw wrong(flag, right, given);
  }
  const name = path.resolve(folder, given);
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(name, 'utf8'));
  } catch (error) {
    const { message } = error as Error;
    throw new SimulatorError('usage', `--${flag}: ${printed(name)} is no JSON: ${message}`);
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw wrong(flag, right, given);
  }
  for (const [fault, ratio] of Object.entries(content)) {
    if (!ALL_FAULT_NAMES.some((each) => each === fault)) throw noFault(flag, fault);
    if (typeof ratio !== 'number' || !(ratio >= 0 && ratio <= 1)) {
      throw new SimulatorError(
        'usage',
        `--${flag}: ${fault} in ${printed(name)} must be a number from 0 to 1, not ${JSON.stringify(ratio)}`,
      );
    }
  }
  return { name, ratios: content };
};

/** `NAME=COUNT`. Whether the workload has it is found out when that is loaded. */
export function entity(max: number): Reader<Entities> {
  return (flag, given) => {
    const [, name, count] = typeof given === 'string' ? (/^([^=]+)=(\d+)$/.exec(given) ?? []) : [];
    const value = Number(count);
    if (name !== undefined && value >= 1 && value <= max) return { [name]: value };
    throw wrong(flag, `NAME=COUNT, such as --${flag} accounts=40`, given);
  };
}

/** Two values of one name are a mistake, as any other flag given twice. */
export function joined<Values extends object>(flag: string, values: Values, more: Values): Values {
  const twice = Object.keys(more).find((name) => Object.hasOwn(values, name));
  if (twice === undefined) return { ...values, ...more };
  throw new SimulatorError('usage', `--${flag} ${twice} was given twice; once is enough`);
}

export const text: Reader<string> = (flag, given) => {
  if (typeof given === 'string') return given;
  throw wrong(
    flag,
    `a text, such as --${flag} S (or --${flag}=-S if it begins with a dash)`,
    given,
  );
};

/** An absolute path; undefined for `--no-...`. Whether it can be written to is found out by doing so. */
export const folder: Reader<string | undefined> = (flag, given, from) => {
  if (given === false) return undefined;
  if (typeof given === 'string' && given !== '') return path.resolve(from, given);
  throw wrong(flag, `a folder, such as --${flag} runs (--no-${flag} for none)`, given);
};

/** The stage of a stack: a part of its name. */
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
  return (flag, given) => {
    if (typeof given === 'string' && pattern.test(given)) return given;
    throw wrong(flag, `${right} --${flag} ${example}`, given);
  };
}

/** One of some words. */
export function choice<const Word extends string>(words: readonly Word[]): Reader<Word> {
  return (flag, given) => {
    const found = words.find((word) => word === given);
    if (found !== undefined) return found;
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
export const moduleReference =
  (what: string, example: string): Reader<string> =>
  (flag, given, folder) => {
    const right = `a file with ${what}, such as --${flag} ${example} or --${flag} ${example}#name`;
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

/** NaN for what is no decimal number, hexadecimal and the like included. */
function decimal(given: string): number {
  return /^(\d+\.?\d*|\.\d+)(e-?\d+)?$/i.test(given) ? Number(given) : Number.NaN;
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
