/**
 * Time and chance as a handler finds them by itself: `Date`, timers, `Math.random` and the like become
 * those of its environment. Whose code is running is told by the async context, so that the simulator's
 * own code, and everybody else's, goes on with the real ones.
 */
import { AsyncLocalStorage, createHook } from 'node:async_hooks';
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers';
import timersPromises from 'node:timers/promises';
import type { Dice } from '../../dice.ts';
import type { Environment } from './environment.ts';

/** An environment whose handler's code runs in its own async context. */
export interface Inhabitant {
  readonly environment: Environment;
  readonly dice: Dice;
  /** It did something that the virtual world has no hold of, such as opening a socket. */
  escaped(what: string): void;
  output(line: string): void;
  /** It asked for the end of its process. */
  exit(code: unknown): never;
}

const inhabitants = new AsyncLocalStorage<Inhabitant>();

/** Runs code as an inhabitant's; what it starts is the inhabitant's too. */
export function inhabit<T>(inhabitant: Inhabitant, run: () => T): T {
  return inhabitants.run(inhabitant, run);
}

export function currentInhabitant(): Inhabitant | undefined {
  return inhabitants.getStore();
}

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
  replace(Math, 'random', (real: () => number) => () => (currentInhabitant()?.dice ?? real)());
  const elapsed = (real: () => number) =>
    function now(this: unknown) {
      const inhabitant = currentInhabitant();
      return inhabitant ? inhabitant.environment.now() : real.call(this);
    };
  replace(performance, 'now', elapsed);

  for (const holder of [globalThis, timers]) {
    replace(holder, 'setTimeout', virtualTimer(false));
    replace(holder, 'setInterval', virtualTimer(true));
    replace(holder, 'setImmediate', virtualImmediate);
    for (const name of ['clearTimeout', 'clearInterval', 'clearImmediate']) {
      replace(holder, name, virtualClear);
    }
  }
  replace(timersPromises, 'setTimeout', virtualPause);
  replace(
    timersPromises,
    'setImmediate',
    (real: typeof timersPromises.setImmediate) => (value?: unknown, options?: object) =>
      currentInhabitant() ? pauseIn(0, value, options) : real(value as never, options),
  );

  const uuid = (real: () => string) => () => {
    const inhabitant = currentInhabitant();
    return inhabitant ? uuidFrom(inhabitant.dice) : real();
  };
  replace(crypto, 'randomUUID', uuid);
  replace(crypto.webcrypto, 'randomUUID', (real: () => string) =>
    uuid(real.bind(crypto.webcrypto)),
  );
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
  syncBuiltinESMExports();

  const hook = createHook({
    init(_id, type) {
      if (!REAL_RESOURCES.test(type)) return;
      currentInhabitant()?.escaped(type);
    },
  });
  hook.enable();
  return () => {
    hook.disable();
    for (const putBack of undo.reverse()) putBack();
    syncBuiltinESMExports();
  };
}

/** Handles of the operating system; promises, ticks and virtual timers are none. */
const REAL_RESOURCES =
  /^(FS|TCP|TLS|UDP|PIPE|PROCESSWRAP|GETADDRINFO|GETNAMEINFO|QUERYWRAP|HTTP|WORKER|STATWATCHER|Timeout$|Immediate$)/;

function virtualDate(real: DateConstructor): DateConstructor {
  const now = (): number => currentInhabitant()?.environment.now() ?? real.now();
  return new Proxy(real, {
    construct: (target, words, newTarget) =>
      Reflect.construct(target, words.length === 0 ? [now()] : words, newTarget),
    apply: () => new real(now()).toString(),
    get: (target, name, receiver) => (name === 'now' ? now : Reflect.get(target, name, receiver)),
  });
}

interface VirtualTimer {
  clear(): void;
  ref(): VirtualTimer;
  unref(): VirtualTimer;
  hasRef(): boolean;
  refresh(): VirtualTimer;
  [Symbol.toPrimitive](): number;
}

type AnyFunction = (...words: unknown[]) => unknown;

function virtualTimer(repeats: boolean) {
  return (real: AnyFunction): AnyFunction =>
    (...words) => {
      const inhabitant = currentInhabitant();
      if (inhabitant === undefined) return real(...words);
      const [callback, ms, ...rest] = words as [AnyFunction, number | undefined];
      return startTimer(inhabitant, () => callback(...rest), Math.max(1, Number(ms) || 0), repeats);
    };
}

function virtualImmediate(real: AnyFunction): AnyFunction {
  return (...words) => {
    const inhabitant = currentInhabitant();
    if (inhabitant === undefined) return real(...words);
    const [callback, ...rest] = words as [AnyFunction];
    return startTimer(inhabitant, () => callback(...rest), 0, false);
  };
}

let timersStarted = 0;

function startTimer(
  inhabitant: Inhabitant,
  callback: () => void,
  ms: number,
  repeats: boolean,
): VirtualTimer {
  const { environment } = inhabitant;
  const id = ++timersStarted;
  const arm = (): (() => void) =>
    environment.at(environment.worldNow() + ms, () => {
      if (repeats) callOff = arm();
      inhabit(inhabitant, callback);
    });
  let callOff = arm();
  const timer: VirtualTimer = {
    clear: () => callOff(),
    ref: () => timer,
    unref: () => timer,
    hasRef: () => true,
    refresh() {
      callOff();
      callOff = arm();
      return timer;
    },
    [Symbol.toPrimitive]: () => id,
  };
  return timer;
}

function virtualClear(real: AnyFunction): AnyFunction {
  return (timer) => {
    if (typeof (timer as VirtualTimer | undefined)?.clear === 'function') {
      (timer as VirtualTimer).clear();
    } else if (currentInhabitant() === undefined) {
      real(timer);
    }
  };
}

function virtualPause(real: typeof timersPromises.setTimeout) {
  return (ms?: number, value?: unknown, options?: { signal?: AbortSignal }) =>
    currentInhabitant() ? pauseIn(ms ?? 1, value, options) : real(ms, value as never, options);
}

function pauseIn(ms: number, value: unknown, options?: { signal?: AbortSignal }): Promise<unknown> {
  const inhabitant = currentInhabitant();
  return new Promise((resolve, reject) => {
    if (inhabitant === undefined) return;
    const abort = (): void => reject(options?.signal?.reason);
    if (options?.signal?.aborted) return abort();
    options?.signal?.addEventListener('abort', abort, { once: true });
    startTimer(inhabitant, () => resolve(value), ms, false);
  });
}

function uuidFrom(dice: Dice): string {
  const hex = (digits: number): string =>
    Array.from({ length: digits }, () => Math.floor(dice() * 16).toString(16)).join('');
  return `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`;
}

function virtualRandomBytes(real: typeof crypto.randomBytes) {
  return (size: number, callback?: (error: null, bytes: Buffer) => void) => {
    const inhabitant = currentInhabitant();
    if (inhabitant === undefined) {
      return callback === undefined ? real(size) : real(size, callback as never);
    }
    const bytes = Buffer.from(
      Array.from({ length: size }, () => Math.floor(inhabitant.dice() * 256)),
    );
    if (callback === undefined) return bytes;
    startTimer(inhabitant, () => callback(null, bytes), 0, false);
    return undefined;
  };
}

function virtualRandomInt(real: (...words: number[]) => number) {
  return (...words: number[]) => {
    const inhabitant = currentInhabitant();
    const [low, high] = words.length === 1 ? [0, words[0] ?? 0] : [words[0] ?? 0, words[1] ?? 0];
    return inhabitant ? low + Math.floor(inhabitant.dice() * (high - low)) : real(...words);
  };
}
