/** Replaces global sources of time and randomness by those of the current guest's environment. */
import crypto from 'node:crypto';
import timers from 'node:timers';
import timersPromises from 'node:timers/promises';
import { format } from 'node:util';
import { createReplacer } from '../replacer.ts';
import { virtualDate, virtualHighResolutionTime } from './clock.ts';

import { currentGuest } from './guest.ts';
import { uuidFrom, virtualFill, virtualRandomBytes, virtualRandomInt } from './random.ts';
import { holdClockForCompression, holdClockForOperations } from './real-work.ts';
import { replaceThreadPoolWork } from './thread-pool.ts';
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
  const { replace: replaceOne, publish, restore } = createReplacer();
  const replace: Replace = (holder, name, virtual) => replaceOne(holder, name, virtual as never);
  replaceClocks(replace);
  replaceTimers(replace);
  replaceRandom(replace);
  replaceProcess(replace);
  replaceThreadPoolWork(replaceOne);
  holdClockForCompression(replaceOne);
  publish();
  const hook = holdClockForOperations();
  hook.enable();
  return () => {
    hook.disable();
    restore();
  };
}

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
    return guest ? uuidFrom(guest.cryptoRandom) : real();
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

/** The end of the process, its output, and its uncaught errors. */
function replaceProcess(replace: Replace): void {
  replace(process, 'exit', (real: typeof process.exit) => (code?: number) => {
    const guest = currentGuest();
    return guest ? guest.exit(code) : real(code);
  });
  for (const level of ['log', 'info', 'warn', 'error', 'debug', 'trace']) {
    replace(console, level, (real: (...args: unknown[]) => void) => (...args: unknown[]) => {
      const guest = currentGuest();
      if (guest) guest.output(format(...args));
      else real(...args);
    });
  }
  // Loggers have consoles of their own.
  for (const stream of [process.stdout, process.stderr]) {
    replace(stream, 'write', (real: (...args: unknown[]) => boolean) => (...args: unknown[]) => {
      const guest = currentGuest();
      if (guest === undefined) return Reflect.apply(real, stream, args);
      const [chunk] = args;
      const text = chunk instanceof Uint8Array ? Buffer.from(chunk).toString() : String(chunk);
      for (const line of text.replace(/\n$/, '').split('\n')) guest.output(line);
      const written = args.findLast((arg) => typeof arg === 'function');
      if (written !== undefined) process.nextTick(written as () => void);
      return true;
    });
  }
  replace(process, 'emit', (real: typeof process.emit) => (name: string, ...args: unknown[]) => {
    const guest = FATAL.has(name) ? currentGuest() : undefined;
    if (guest === undefined) return Reflect.apply(real, process, [name, ...args]);
    guest.broke(args[0]);
    return true;
  });
  for (const name of ['abort', 'reallyExit', 'kill']) {
    replace(process, name, (real: (...args: unknown[]) => void) => (...args: unknown[]) => {
      const guest = currentGuest();
      if (guest) guest.exit(`process.${name}`);
      else Reflect.apply(real, process, args);
    });
  }
}

/** Events that end a process unless it has a listener. */
const FATAL = new Set(['uncaughtException', 'unhandledRejection']);
