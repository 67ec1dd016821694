/** `Date` and `process.hrtime` on the clock of the current guest's environment. */
import { currentGuest, type Guest } from './guest.ts';

export function virtualDate(real: DateConstructor): DateConstructor {
  const now = (): number => currentGuest()?.environment.now() ?? real.now();
  return new Proxy(real, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    apply: () => new real(now()).toString(),
    get: (target, name, receiver) => (name === 'now' ? now : Reflect.get(target, name, receiver)),
  });
}

export function virtualHighResolutionTime(real: typeof process.hrtime): typeof process.hrtime {
  const nanoseconds = (guest: Guest): bigint =>
    BigInt(Math.round(guest.environment.now() * 1000)) * 1000n;
  const virtual = (since?: [number, number]): [number, number] => {
    const guest = currentGuest();
    if (guest === undefined) return real(since);
    const [seconds, rest] = since ?? [0, 0];
    const elapsed = nanoseconds(guest) - BigInt(seconds) * SECOND - BigInt(rest);
    return [Number(elapsed / SECOND), Number(elapsed % SECOND)];
  };
  const bigint = (): bigint => {
    const guest = currentGuest();
    return guest === undefined ? real.bigint() : nanoseconds(guest);
  };
  return Object.assign(virtual, { bigint });
}

const SECOND = 1_000_000_000n;
