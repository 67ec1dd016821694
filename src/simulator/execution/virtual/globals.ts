/** Replaces global sources of time and randomness by those of the current guest's environment. */
import childProcess from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers';
import timersPromises from 'node:timers/promises';
import { virtualDate, virtualHighResolutionTime } from './clock.ts';
import { virtualSync, watchForEscapes } from './escapes.ts';
import { currentGuest } from './guest.ts';
import { uuidFrom, virtualFill, virtualRandomBytes, virtualRandomInt } from './random.ts';
import {
  pauseIn,
  virtualClear,
  virtualDeadline,
  virtualImmediate,
  virtualPause,
  virtualTicks,
  virtualTimer,
} from './timers.ts';

/** Returns a function that restores the real ones. */
export function installVirtualGlobals(): () => void {
  const undo: (() => void)[] = [];
  const replace: Replace = (holder, name, virtual) => {
    const descriptor = Object.getOwnPropertyDescriptor(holder, name);
    const real = (holder as Record<string, unknown>)[name];
    if (typeof real !== 'function') return;
    const value = virtual(real as never);
    Object.defineProperty(holder, name, { value, configurable: true, writable: true });
    undo.push(() => {
      if (descriptor === undefined) Reflect.deleteProperty(holder, name);
      else Object.defineProperty(holder, name, descriptor);
    });
  };
  replaceClocks(replace);
  replaceTimers(replace);
  replaceRandom(replace);
  replaceProcess(replace);
  syncBuiltinESMExports();
  const hook = watchForEscapes();
  hook.enable();
  return () => {
    hook.disable();
    for (const restore of undo.reverse()) restore();
    syncBuiltinESMExports();
  };
}

/** Replaces a function, if it exists, by one made from it. */
type Replace = (holder: object, name: string, virtual: (real: never) => unknown) => void;

function replaceClocks(replace: Replace): void {
  replace(globalThis, 'Date', virtualDate);
  const elapsed = (real: () => number) =>
    function now(this: unknown) {
      const guest = currentGuest();
      return guest ? guest.environment.now() : real.call(this);
    };
  replace(performance, 'now', elapsed);
  replace(process, 'hrtime', virtualHighResolutionTime);
  replace(process, 'uptime', (real: () => number) => () => {
    const guest = currentGuest();
    return guest ? guest.environment.now() / 1000 : real();
  });
}

function replaceTimers(replace: Replace): void {
  replace(AbortSignal, 'timeout', virtualDeadline);
  for (const holder of [globalThis, timers]) {
    replace(holder, 'setTimeout', virtualTimer(false));
    replace(holder, 'setInterval', virtualTimer(true));
    replace(holder, 'setImmediate', virtualImmediate);
    for (const name of ['clearTimeout', 'clearInterval', 'clearImmediate']) {
      replace(holder, name, virtualClear);
    }
  }
  replace(timersPromises, 'setTimeout', virtualPause);
  replace(timersPromises, 'setInterval', virtualTicks);
  replace(
    timersPromises.scheduler,
    'wait',
    (real: typeof timersPromises.scheduler.wait) => (ms: number, options?: object) =>
      currentGuest()
        ? pauseIn(ms, undefined, options)
        : real.call(timersPromises.scheduler, ms, options),
  );
  replace(
    timersPromises,
    'setImmediate',
    (real: typeof timersPromises.setImmediate) => (value?: unknown, options?: object) =>
      currentGuest() ? pauseIn(0, value, options) : real(value as never, options),
  );
}

function replaceRandom(replace: Replace): void {
  replace(Math, 'random', (real: () => number) => () => (currentGuest()?.random ?? real)());
  const uuid = (real: () => string) => () => {
    const guest = currentGuest();
    return guest ? uuidFrom(guest.random) : real();
  };
  replace(crypto, 'randomUUID', uuid);
  replace(crypto.webcrypto, 'randomUUID', (real: () => string) =>
    uuid(real.bind(crypto.webcrypto)),
  );
  // `crypto.getRandomValues` calls this one.
  replace(crypto.webcrypto, 'getRandomValues', virtualFill(crypto.webcrypto));
  replace(crypto, 'randomFillSync', virtualFill(crypto));
  replace(crypto, 'randomBytes', virtualRandomBytes);
  replace(crypto, 'randomInt', virtualRandomInt);
}

/** Replaces the exit of the process, its output, its uncaught errors and its synchronous calls. */
function replaceProcess(replace: Replace): void {
  replace(process, 'exit', (real: typeof process.exit) => (code?: number) => {
    const guest = currentGuest();
    return guest ? guest.exit(code) : real(code);
  });
  for (const level of ['log', 'info', 'warn', 'error', 'debug']) {
    replace(console, level, (real: (...args: unknown[]) => void) => (...args: unknown[]) => {
      const guest = currentGuest();
      if (guest) guest.output(args.map(String).join(' '));
      else real(...args);
    });
  }
  replace(process, 'emit', (real: typeof process.emit) => (name: string, ...args: unknown[]) => {
    const guest = FATAL.has(name) ? currentGuest() : undefined;
    if (guest === undefined) return Reflect.apply(real, process, [name, ...args]);
    guest.broke(args[0]);
    return true;
  });
  for (const holder of [fs, childProcess]) {
    for (const name of Object.keys(holder).filter((each) => each.endsWith('Sync'))) {
      replace(holder, name, virtualSync(name));
    }
  }
}

/** Events that end a process unless it has a listener. */
const FATAL = new Set(['uncaughtException', 'unhandledRejection']);
