/**
 * What Node does on its thread pool ends in an order that no seed decides. For a guest it is done at once
 * instead, by the synchronous function of the same name: files, compression, key derivation.
 */
import crypto from 'node:crypto';
import fs from 'node:fs';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import type { Replace } from '../replacer.ts';
import { currentGuest } from './guest.ts';
import { type AnyFunction, startTimer } from './timers.ts';

/** Replaces the functions that have a synchronous twin. */
export function replaceThreadPoolWork(replace: Replace): void {
  for (const [module, names] of WITH_TWINS) {
    for (const name of names) {
      const twin = (module as unknown as Record<string, AnyFunction>)[`${name}Sync`];
      if (twin === undefined) continue;
      const isWrite = module === fs && !READS.has(name);
      const run: AnyFunction = isWrite ? noting(twin, name) : twin;
      if (isWrite) replace(fs, `${name}Sync`, () => run);
      replace(module, name, (real) => atOnce(real as AnyFunction, run, name));
      if (module === fs) {
        replace(fs.promises, name, (real) => promisedAtOnce(real as AnyFunction, run));
      }
    }
  }
}

/** Other environments, and later runs, find what it has written. */
function noting(twin: AnyFunction, name: string): AnyFunction {
  return Object.assign((...words: readonly unknown[]) => {
    currentGuest()?.escaped(`fs.${name}`);
    return twin(...words);
  }, twin);
}

function atOnce(real: AnyFunction, run: AnyFunction, name: string): AnyFunction {
  const virtual: AnyFunction = (...words) => {
    const guest = currentGuest();
    const callback = words.at(-1);
    // `generateKey` and the like compute at once without a callback, too.
    if (guest === undefined || typeof callback !== 'function') return real(...words);
    const outcome = outcomeOf(() => run(...words.slice(0, -1)));
    startTimer(guest, () => callback(...callbackWords(name, outcome)), 0, false);
    return undefined;
  };
  const promising: AnyFunction = (...words) =>
    currentGuest() === undefined
      ? (promisify(real) as AnyFunction)(...words)
      : new Promise((resolve) => resolve(run(...words)));
  return Object.assign(
    Object.defineProperty(virtual, promisify.custom, { value: promising }),
    Object.fromEntries(Object.entries(real)),
  );
}

function promisedAtOnce(real: AnyFunction, run: AnyFunction): AnyFunction {
  return (...words) =>
    // An open file has no synchronous twin.
    currentGuest() === undefined || 'fd' in Object(words[0])
      ? real(...words)
      : new Promise((resolve) => resolve(run(...words)));
}

type Outcome = { readonly value: unknown } | { readonly error: unknown };

function outcomeOf(run: () => unknown): Outcome {
  try {
    return { value: run() };
  } catch (error) {
    return { error };
  }
}

function callbackWords(name: string, outcome: Outcome): readonly unknown[] {
  if ('error' in outcome) return [outcome.error];
  const { value } = outcome;
  if (name === 'exists') return [value];
  if (name === 'generateKeyPair') {
    const { publicKey, privateKey } = value as Readonly<Record<string, unknown>>;
    return [null, publicKey, privateKey];
  }
  return [null, value];
}

/** Of files: they don't change anything. */
const READS: ReadonlySet<string> = new Set([
  ...['access', 'exists', 'lstat', 'readdir', 'readFile', 'readlink', 'realpath', 'stat', 'statfs'],
]);

const WITH_TWINS: readonly (readonly [object, readonly string[]])[] = [
  [
    fs,
    [
      ...READS,
      ...['appendFile', 'chmod', 'copyFile', 'cp', 'mkdir', 'mkdtemp', 'rename', 'rm', 'rmdir'],
      ...['symlink', 'truncate', 'unlink', 'utimes', 'writeFile'],
    ],
  ],
  [
    zlib,
    [
      ...['brotliCompress', 'brotliDecompress', 'deflate', 'deflateRaw', 'gunzip', 'gzip'],
      ...['inflate', 'inflateRaw', 'unzip', 'zstdCompress', 'zstdDecompress'],
    ],
  ],
  [crypto, ['generateKey', 'generateKeyPair', 'hkdf', 'pbkdf2', 'scrypt']],
];
