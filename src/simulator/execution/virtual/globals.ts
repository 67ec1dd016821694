/**
 * Time and chance as a handler finds them by itself: `Date`, timers, `Math.random` and the like become
 * those of its environment.
 */
import childProcess from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers';
import timersPromises from 'node:timers/promises';
import { uuidFrom, virtualFill, virtualRandomBytes, virtualRandomInt } from './chance.ts';
import { virtualDate, virtualHighResolutionTime } from './clock.ts';
import { virtualSync, watchForEscapes } from './escapes.ts';
import { currentInhabitant } from './inhabitant.ts';
import {
  pauseIn,
  virtualClear,
  virtualDeadline,
  virtualImmediate,
  virtualPause,
  virtualTicks,
  virtualTimer,
} from './timers.ts';

/** Puts the virtual ones in place; the returned function puts the real ones back. */
export function installVirtualGlobals(): () => void {
  const undo: (() => void)[] = [];
  const replace = <Holder extends object>(
    holder: Holder,
    name: string,
    virtual: (real: never) => unknown,
  ): void => {
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

  replace(globalThis, 'Date', virtualDate);
  replace(Math, 'random', (real: () => number) => () => (currentInhabitant()?.random ?? real)());
  const elapsed = (real: () => number) =>
    function now(this: unknown) {
      const inhabitant = currentInhabitant();
      return inhabitant ? inhabitant.environment.now() : real.call(this);
    };
  replace(performance, 'now', elapsed);
  replace(process, 'hrtime', virtualHighResolutionTime);
  replace(process, 'uptime', (real: () => number) => () => {
    const inhabitant = currentInhabitant();
    return inhabitant ? inhabitant.environment.now() / 1000 : real();
  });
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
      currentInhabitant()
        ? pauseIn(ms, undefined, options)
        : real.call(timersPromises.scheduler, ms, options),
  );
  replace(
    timersPromises,
    'setImmediate',
    (real: typeof timersPromises.setImmediate) => (value?: unknown, options?: object) =>
      currentInhabitant() ? pauseIn(0, value, options) : real(value as never, options),
  );

  const uuid = (real: () => string) => () => {
    const inhabitant = currentInhabitant();
    return inhabitant ? uuidFrom(inhabitant.random) : real();
  };
  replace(crypto, 'randomUUID', uuid);
  replace(crypto.webcrypto, 'randomUUID', (real: () => string) =>
    uuid(real.bind(crypto.webcrypto)),
  );
  // Where the module's own looks for it.
  replace(crypto.webcrypto, 'getRandomValues', virtualFill(crypto.webcrypto));
  replace(crypto, 'randomFillSync', virtualFill(crypto));
  replace(crypto, 'randomBytes', virtualRandomBytes);
  replace(crypto, 'randomInt', virtualRandomInt);
  replace(process, 'exit', (real: typeof process.exit) => (code?: number) => {
    const inhabitant = currentInhabitant();
    return inhabitant ? inhabitant.exit(code) : real(code);
  });
  for (const level of ['log', 'info', 'warn', 'error', 'debug']) {
    replace(console, level, (real: (...words: unknown[]) => void) => (...words: unknown[]) => {
      const inhabitant = currentInhabitant();
      if (inhabitant) inhabitant.output(words.map(String).join(' '));
      else real(...words);
    });
  }
  replace(process, 'emit', (real: typeof process.emit) => (name: string, ...words: unknown[]) => {
    const inhabitant = FATAL.has(name) ? currentInhabitant() : undefined;
    if (inhabitant === undefined) return Reflect.apply(real, process, [name, ...words]);
    inhabitant.broke(words[0]);
    return true;
  });
  for (const holder of [fs, childProcess]) {
    for (const name of Object.keys(holder).filter((each) => each.endsWith('Sync'))) {
      replace(holder, name, virtualSync(name));
    }
  }
  syncBuiltinESMExports();

  const hook = watchForEscapes();
  hook.enable();
  return () => {
    hook.disable();
    for (const putBack of undo.reverse()) putBack();
    syncBuiltinESMExports();
  };
}

/** Of which a process ends, unless somebody listens. */
const FATAL = new Set(['uncaughtException', 'unhandledRejection']);
