/**
 * Time and chance as a handler finds them by itself: `Date`, timers, `Math.random` and the like become
 * those of its environment. Whose code is running is told by the async context, so that the simulator's
 * own code, and everybody else's, goes on with the real ones.
 */
import { type AsyncHook, AsyncLocalStorage, AsyncResource, createHook } from 'node:async_hooks';
import childProcess from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers';
import timersPromises from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Dice } from '../../dice.ts';
import type { Environment } from './environment.ts';

/** An environment whose handler's code runs in its own async context. */
export interface Inhabitant {
  readonly environment: Environment;
  readonly dice: Dice;
  /** It did something that the virtual world has no hold of, such as opening a socket. */
  escaped(what: string): void;
  /** Something real is under way that ends by itself: the virtual clock waits until it has. */
  hold(): () => void;
  output(line: string): void;
  /** It asked for the end of its process. */
  exit(code: unknown): never;
  /** An error that nobody caught, of which a process would end. */
  broke(error: unknown): void;
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
    return inhabitant ? uuidFrom(inhabitant.dice) : real();
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

/** Handles of the operating system; promises, ticks and virtual timers are none. */
const REAL_RESOURCES =
  /^(FS|FILEHANDLE|TCP|TLS|UDP|PIPE|PROCESSWRAP|GETADDRINFO|GETNAMEINFO|QUERYWRAP|HTTP|WORKER|STATWATCHER|ZLIB|DIRHANDLE|.*REQUEST$|.*Job$|Timeout$|Immediate$)/;
/** Those that end by themselves, soon. */
const HELD_MS_MAX = 2_000;
const SHORT = /^(FSREQ|FILEHANDLECLOSEREQ|GETADDRINFO|GETNAMEINFO|ZLIB|.*REQUEST$|.*Job$)/;

function watchForEscapes(): AsyncHook {
  const underWay = new Map<number, () => void>();
  const ended = (id: number): void => {
    const goOn = underWay.get(id);
    underWay.delete(id);
    // What waits for it goes on first.
    if (goOn !== undefined) inhabitants.exit(() => setImmediate(goOn));
  };
  return createHook({
    init(id, type) {
      if (!REAL_RESOURCES.test(type)) return;
      const inhabitant = currentInhabitant();
      if (inhabitant === undefined) return;
      inhabitant.escaped(type);
      if (!SHORT.test(type)) return;
      const goOn = inhabitant.hold();
      underWay.set(id, goOn);
      // Whether it ends is not ours to say.
      inhabitants.exit(() => setTimeout(goOn, HELD_MS_MAX).unref());
    },
    after: ended,
    destroy: ended,
  });
}

/** Done at once, so that it does no harm to the order of things; what it finds is another matter. */
function virtualSync(name: string) {
  return (real: AnyFunction): AnyFunction =>
    Object.assign(function (this: unknown, ...words: unknown[]) {
      const inhabitant = currentInhabitant();
      if (inhabitant !== undefined && !isOfModules()) inhabitant.escaped(name);
      return Reflect.apply(real, this, words);
    }, real);
}

/** Whether a module is being loaded. */
function isOfModules(): boolean {
  return /node:internal\/modules\//.test(new Error().stack ?? '');
}

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
  return (real: AnyFunction): AnyFunction => {
    const virtual: AnyFunction = (...words) => {
      const inhabitant = currentInhabitant();
      if (inhabitant === undefined) return real(...words);
      const [callback, ms, ...rest] = words as [AnyFunction, number | undefined];
      return startTimer(inhabitant, () => callback(...rest), delayOf(ms), repeats);
    };
    return repeats
      ? virtual
      : promisified(virtual, (ms, value) => timersPromises.setTimeout(ms as number, value));
  };
}

function virtualImmediate(real: AnyFunction): AnyFunction {
  const virtual: AnyFunction = (...words) => {
    const inhabitant = currentInhabitant();
    if (inhabitant === undefined) return real(...words);
    const [callback, ...rest] = words as [AnyFunction];
    return startTimer(inhabitant, () => callback(...rest), 0, false);
  };
  return promisified(virtual, (value) => timersPromises.setImmediate(value));
}

/** What `util.promisify` makes of it. */
function promisified(virtual: AnyFunction, promising: AnyFunction): AnyFunction {
  return Object.defineProperty(virtual, promisify.custom, { value: promising });
}

/** As Node reads it. */
function delayOf(ms: unknown): number {
  const number = Number(ms);
  return number >= 1 && number <= DELAY_MS_MAX ? number : 1;
}

const DELAY_MS_MAX = 2 ** 31 - 1;

let timersStarted = 0;

function startTimer(
  inhabitant: Inhabitant,
  callback: () => void,
  ms: number,
  repeats: boolean,
): VirtualTimer {
  const { environment } = inhabitant;
  const id = ++timersStarted;
  // With whatever else its async context holds.
  const run = AsyncResource.bind(callback);
  const arm = (): (() => void) =>
    environment.at(environment.worldNow() + ms, () => {
      if (repeats) callOff = arm();
      try {
        run();
      } catch (error) {
        inhabitant.broke(error);
      }
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
    currentInhabitant() ? pauseIn(delayOf(ms), value, options) : real(ms, value as never, options);
}

function virtualTicks(real: typeof timersPromises.setInterval) {
  return (ms?: number, value?: unknown, options?: { signal?: AbortSignal }) => {
    if (currentInhabitant() === undefined) return real(ms, value as never, options);
    return (async function* ticks() {
      for (;;) yield await pauseIn(delayOf(ms), value, options);
    })();
  };
}

function virtualDeadline(real: typeof AbortSignal.timeout) {
  return (ms: number): AbortSignal => {
    const inhabitant = currentInhabitant();
    if (inhabitant === undefined) return real.call(AbortSignal, ms);
    const controller = new AbortController();
    const why = new DOMException('The operation was aborted due to timeout', 'TimeoutError');
    startTimer(inhabitant, () => controller.abort(why), ms, false);
    return controller.signal;
  };
}

function virtualHighResolutionTime(real: typeof process.hrtime): typeof process.hrtime {
  const nanoseconds = (inhabitant: Inhabitant): bigint =>
    BigInt(Math.round(inhabitant.environment.now() * 1000)) * 1000n;
  const virtual = (since?: [number, number]): [number, number] => {
    const inhabitant = currentInhabitant();
    if (inhabitant === undefined) return real(since);
    const [seconds, rest] = since ?? [0, 0];
    const elapsed = nanoseconds(inhabitant) - BigInt(seconds) * SECOND - BigInt(rest);
    return [Number(elapsed / SECOND), Number(elapsed % SECOND)];
  };
  const bigint = (): bigint => {
    const inhabitant = currentInhabitant();
    return inhabitant === undefined ? real.bigint() : nanoseconds(inhabitant);
  };
  return Object.assign(virtual, { bigint });
}

const SECOND = 1_000_000_000n;

function pauseIn(ms: number, value: unknown, options?: { signal?: AbortSignal }): Promise<unknown> {
  const inhabitant = currentInhabitant();
  return new Promise((resolve, reject) => {
    if (inhabitant === undefined) return;
    const abort = (): void => reject(options?.signal?.reason);
    if (options?.signal?.aborted) return abort();
    const timer = startTimer(inhabitant, () => resolve(value), ms, false);
    options?.signal?.addEventListener(
      'abort',
      () => {
        timer.clear();
        abort();
      },
      { once: true },
    );
  });
}

function uuidFrom(dice: Dice): string {
  const hex = (digits: number): string =>
    Array.from({ length: digits }, () => Math.floor(dice() * 16).toString(16)).join('');
  return `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`;
}

function virtualFill(owner: object) {
  return (real: AnyFunction): AnyFunction =>
    (...words) => {
      const inhabitant = currentInhabitant();
      if (inhabitant === undefined) return Reflect.apply(real, owner, words);
      const [target, offset = 0, size] = words as [ArrayBufferView, number?, number?];
      const bytes = new Uint8Array(target.buffer, target.byteOffset, target.byteLength);
      const end = size === undefined ? bytes.length : offset + size;
      for (let at = offset; at < end; at++) bytes[at] = Math.floor(inhabitant.dice() * 256);
      return target;
    };
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
