/** Timers, in all the ways in which code may ask for one. */
import { AsyncResource } from 'node:async_hooks';
import timersPromises from 'node:timers/promises';
import { promisify } from 'node:util';
import { currentInhabitant, type Inhabitant } from './inhabitant.ts';

interface VirtualTimer {
  clear(): void;
  ref(): VirtualTimer;
  unref(): VirtualTimer;
  hasRef(): boolean;
  refresh(): VirtualTimer;
  [Symbol.toPrimitive](): number;
}

export type AnyFunction = (...words: unknown[]) => unknown;

export function virtualTimer(repeats: boolean) {
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

export function virtualImmediate(real: AnyFunction): AnyFunction {
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
/** Those that may fire yet, by the number that each is as a primitive. */
const armed = new Map<number, VirtualTimer>();

export function startTimer(
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
      else armed.delete(id);
      try {
        run();
      } catch (error) {
        inhabitant.broke(error);
      }
    });
  let callOff = arm();
  const timer: VirtualTimer = {
    clear() {
      armed.delete(id);
      callOff();
    },
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
  armed.set(id, timer);
  return timer;
}

export function virtualClear(real: AnyFunction): AnyFunction {
  return (timer) => {
    const inhabitant = currentInhabitant();
    if (inhabitant !== undefined && typeof timer !== 'object') armed.get(Number(timer))?.clear();
    else if (typeof (timer as VirtualTimer | undefined)?.clear === 'function') {
      (timer as VirtualTimer).clear();
    } else if (inhabitant === undefined) {
      real(timer);
    }
  };
}

export function virtualPause(real: typeof timersPromises.setTimeout) {
  return (ms?: number, value?: unknown, options?: { signal?: AbortSignal }) =>
    currentInhabitant() ? pauseIn(delayOf(ms), value, options) : real(ms, value as never, options);
}

export function virtualTicks(real: typeof timersPromises.setInterval) {
  return (ms?: number, value?: unknown, options?: { signal?: AbortSignal }) => {
    if (currentInhabitant() === undefined) return real(ms, value as never, options);
    return (async function* ticks() {
      for (;;) yield await pauseIn(delayOf(ms), value, options);
    })();
  };
}

export function virtualDeadline(real: typeof AbortSignal.timeout) {
  return (ms: number): AbortSignal => {
    const inhabitant = currentInhabitant();
    if (inhabitant === undefined) return real.call(AbortSignal, ms);
    const controller = new AbortController();
    const why = new DOMException('The operation was aborted due to timeout', 'TimeoutError');
    startTimer(inhabitant, () => controller.abort(why), ms, false);
    return controller.signal;
  };
}

export function pauseIn(
  ms: number,
  value: unknown,
  options?: { signal?: AbortSignal },
): Promise<unknown> {
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
