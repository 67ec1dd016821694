/** Order and equality of attribute values. */
import { compareNumbers } from './number.ts';
import { type Item, namesOf, type Value } from './value.ts';

/** The order of two values of the same scalar type: S by UTF-8 bytes, N by value, B by bytes. */
export function compareScalars(left: Value, right: Value): number {
  if (left.type === 'S' && right.type === 'S') return compareUtf8(left.value, right.value);
  if (left.type === 'N' && right.type === 'N') return compareNumbers(left.value, right.value);
  if (left.type === 'B' && right.type === 'B') return Buffer.compare(left.value, right.value);
  return 0;
}

/** The order of two strings as UTF-8, which is that of their code points. */
export function compareUtf8(left: string, right: string): number {
  if (left === right) return 0;
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a !== b) {
      // Surrogates encode code points above all others.
      if (a >= 0xd800 && b >= 0xd800) return rank(a) - rank(b);
      return a - b;
    }
  }
  return left.length - right.length;
}

export function equalValues(left: Value, right: Value): boolean {
  if (left === right) return true;
  switch (left.type) {
    case 'S':
    case 'N':
    case 'BOOL':
    case 'NULL':
      return left.type === right.type && left.value === right.value;
    case 'B':
      return right.type === 'B' && Buffer.compare(left.value, right.value) === 0;
    case 'SS':
    case 'NS':
      return (
        left.type === right.type &&
        left.value.length === right.value.length &&
        left.value.every((entry) => (right.value as readonly string[]).includes(entry))
      );
    case 'BS':
      return (
        right.type === 'BS' &&
        left.value.length === right.value.length &&
        left.value.every((entry) => hasBytes(right.value, entry))
      );
    case 'L':
      return (
        right.type === 'L' &&
        left.value.length === right.value.length &&
        left.value.every((entry, index) => equalValues(entry, right.value[index] as Value))
      );
    case 'M':
      return right.type === 'M' && equalItems(left.value, right.value);
  }
}

export function equalItems(left: Item, right: Item): boolean {
  if (left === right) return true;
  const names = namesOf(left);
  if (names.length !== namesOf(right).length) return false;
  return names.every((name) => {
    const other = right[name];
    return other !== undefined && equalValues(left[name] as Value, other);
  });
}

export function hasBytes(set: readonly Uint8Array[], entry: Uint8Array): boolean {
  return set.some((other) => Buffer.compare(other, entry) === 0);
}

function rank(unit: number): number {
  return unit <= 0xdfff ? unit + 0x10000 : unit;
}
