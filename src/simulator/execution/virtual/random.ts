/** Random values from the current guest's random source. */
import type crypto from 'node:crypto';
import type { Random } from '../../model/random.ts';
import { currentGuest } from './guest.ts';
import { type AnyFunction, startTimer } from './timers.ts';

export function uuidFrom(random: Random): string {
  const hex = (digits: number): string =>
    Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join('');
  return `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`;
}

export function virtualFill(owner: object) {
  return (real: AnyFunction): AnyFunction =>
    (...args) => {
      const guest = currentGuest();
      if (guest === undefined) return Reflect.apply(real, owner, args);
      const [target, offset = 0, size] = args as [ArrayBufferView, number?, number?];
      const bytes = new Uint8Array(target.buffer, target.byteOffset, target.byteLength);
      const end = size === undefined ? bytes.length : offset + size;
      for (let at = offset; at < end; at++) bytes[at] = Math.floor(guest.cryptoRandom() * 256);
      return target;
    };
}

export function virtualRandomBytes(real: typeof crypto.randomBytes) {
  return (size: number, callback?: (error: null, bytes: Buffer) => void) => {
    const guest = currentGuest();
    if (guest === undefined) {
      return callback === undefined ? real(size) : real(size, callback as never);
    }
    const bytes = Buffer.from(
      Array.from({ length: size }, () => Math.floor(guest.cryptoRandom() * 256)),
    );
    if (callback === undefined) return bytes;
    startTimer(guest, () => callback(null, bytes), 0, false);
    return undefined;
  };
}

export function virtualRandomInt(real: AnyFunction): AnyFunction {
  return (...args) => {
    const guest = currentGuest();
    if (guest === undefined) return real(...args);
    const numbers = args.filter((word) => typeof word === 'number');
    const [low, high] =
      numbers.length === 1 ? [0, numbers[0] ?? 0] : [numbers[0] ?? 0, numbers[1] ?? 0];
    const value = low + Math.floor(guest.cryptoRandom() * (high - low));
    const callback = args.at(-1);
    if (typeof callback !== 'function') return value;
    startTimer(guest, () => callback(null, value), 0, false);
    return undefined;
  };
}
