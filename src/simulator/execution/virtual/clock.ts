/** The time of day, and time that passes, as of an inhabitant's environment. */
import { currentInhabitant, type Inhabitant } from './inhabitant.ts';

export function virtualDate(real: DateConstructor): DateConstructor {
  const now = (): number => currentInhabitant()?.environment.now() ?? real.now();
  return new Proxy(real, {
    construct: (target, words, newTarget) =>
      Reflect.construct(target, words.length === 0 ? [now()] : words, newTarget),
    apply: () => new real(now()).toString(),
    get: (target, name, receiver) => (name === 'now' ? now : Reflect.get(target, name, receiver)),
  });
}

export function virtualHighResolutionTime(real: typeof process.hrtime): typeof process.hrtime {
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
