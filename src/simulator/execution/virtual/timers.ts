/** All kinds of timers, on the world's virtual clock. */
import { AsyncResource } from 'node:async_hooks';
import timersPromises from 'node:timers/promises';
import { promisify } from 'node:util';
import { currentGuest, type Guest } from './guest.ts';

interface VirtualTimer {
  clear(): void;
  ref(): VirtualTimer;
  unref(): VirtualTimer;
  hasRef(): boolean;
  refresh(): VirtualTimer;
  [Symbol.toPrimitive](): number;
}

export type AnyFunction = (...args: unknown[]) => unknown;

export function virtualTimer(repeats: boolean) {
  return (real: AnyFunction): AnyFunction => {
    const virtual: AnyFunction = (...args) => {
      const guest = currentGuest();
      if (guest === undefined) return real(...args);
      const [callback, ms, ...rest] = args as [AnyFunction, number | undefined];
      return startTimer(guest, () => callback(...rest), delayOf(ms), repeats);
    };
    return repeats
      ? virtual
      : promisified(virtual, (ms, value) => timersPromises.setTimeout(ms as number, value));
  };
}

export function virtualImmediate(real: AnyFunction): AnyFunction {
  const virtual: AnyFunction = (...args) => {
    const guest = currentGuest();
    if (guest === undefined) return real(...args);
    const [callback, ...rest] = args as [AnyFunction];
    return startTimer(guest, () => callback(...rest), 0, false);
  };
  return promisified(virtual, (value) => timersPromises.setImmediate(value));
}

/** Sets the function's promise version, which `util.promisify` returns. */
function promisified(virtual: AnyFunction, promising: AnyFunction): AnyFunction {
  return Object.defineProperty(virtual, promisify.custom, { value: promising });
}

/** Invalid delays are 1 ms, as in Node. */
function delayOf(ms: unknown): number {
  const number = Number(ms);
  return number >= 1 && number <= DELAY_MS_MAX ? number : 1;
}

const DELAY_MS_MAX = 2 ** 31 - 1;

let timersStarted = 0;
/** Timers that can still fire, by their primitive value. */
const armed = new Map<number, VirtualTimer>();

export function startTimer(
  guest: Guest,
  callback: () => void,
  ms: number,
  repeats: boolean,
): VirtualTimer {
  const { environment } = guest;
  const id = ++timersStarted;
  // Keeps the async context of the code that starts the timer.
  const run = AsyncResource.bind(callback);
  const arm = (): (() => void) =>
    environment.at(environment.worldNow() + ms, () => {
      if (repeats) cancel = arm();
      else armed.delete(id);
      try {
        run();
      } catch (error) {
        guest.broke(error);
      }
    });
  let cancel = arm();
  const timer: VirtualTimer = {
    clear() {
      armed.delete(id);
      cancel();
    },
    ref: () => timer,
    unref: () => timer,
    hasRef: () => true,
    refresh() {
      cancel();
      cancel = arm();
      return timer;
    },
    [Symbol.toPrimitive]: () => id,
  };
  armed.set(id, timer);
  return timer;
}

export function virtualClear(real: AnyFunction): AnyFunction {
  return (timer) => {
    const guest = currentGuest();
    if (guest !== undefined && typeof timer !== 'object') armed.get(Number(timer))?.clear();
    else if (typeof (timer as VirtualTimer | undefined)?.clear === 'function') {
      (timer as VirtualTimer).clear();
    } else if (guest === undefined) {
      real(timer);
    }
  };
}

export function virtualPause(real: typeof timersPromises.setTimeout) {
  return (ms?: number, value?: unknown, options?: { signal?: AbortSignal }) =>
    currentGuest() ? pauseIn(delayOf(ms), value, options) : real(ms, value as never, options);
}

export function virtualTicks(real: typeof timersPromises.setInterval) {
  return (ms?: number, value?: unknown, options?: { signal?: AbortSignal }) => {
    if (currentGuest() === undefined) return real(ms, value as never, options);
    return (async function* ticks() {
      for (;;) yield await pauseIn(delayOf(ms), value, options);
    })();
  };
}

export function virtualDeadline(real: typeof AbortSignal.timeout) {
  return (ms: number): AbortSignal => {
    const guest = currentGuest();
    if (guest === undefined) return real.call(AbortSignal, ms);
    const controller = new AbortController();
    const reason = new DOMException('The operation was aborted due to timeout', 'TimeoutError');
    startTimer(guest, () => controller.abort(reason), ms, false);
    return controller.signal;
  };
}

export function pauseIn(
  ms: number,
  value: unknown,
  options?: { signal?: AbortSignal },
): Promise<unknown> {
  const guest = currentGuest();
  return new Promise((resolve, reject) => {
    if (guest === undefined) return;
    const abort = (): void => reject(options?.signal?.reason);
    if (options?.signal?.aborted) return abort();
    const timer = startTimer(guest, () => resolve(value), ms, false);
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
