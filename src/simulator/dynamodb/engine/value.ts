/** Attribute values inside the fake: immutable, of one shape, numbers in their one text. */
import { compareNumbers, numberSize } from './number.ts';

export type Value =
  | { readonly type: 'S'; readonly value: string }
  | { readonly type: 'N'; readonly value: string }
  | { readonly type: 'B'; readonly value: Uint8Array }
  | { readonly type: 'BOOL'; readonly value: boolean }
  | { readonly type: 'NULL'; readonly value: true }
  | { readonly type: 'SS'; readonly value: readonly string[] }
  | { readonly type: 'NS'; readonly value: readonly string[] }
  | { readonly type: 'BS'; readonly value: readonly Uint8Array[] }
  | { readonly type: 'L'; readonly value: readonly Value[] }
  | { readonly type: 'M'; readonly value: Item };

export type ValueType = Value['type'];

/** Attributes by name. Made by `newItem`: any name is safe in it, `__proto__` too. */
export interface Item {
  [name: string]: Value;
}

/** A class without a prototype chain: no inherited names, and still an object that V8 keeps small. */
class Bag {}
Reflect.deleteProperty(Bag.prototype, 'constructor');
Object.setPrototypeOf(Bag.prototype, null);

export function newItem(): Item {
  return new Bag() as Item;
}

/** Its attributes. Not `for in`: items are of many shapes, over which V8 would never settle. */
export function namesOf(item: Item): readonly string[] {
  return Object.keys(item);
}

/** A shallow copy, without one attribute if asked (`delete` would make V8 keep a slow object). */
export function copyItem(item: Item, except?: string): Item {
  const copy = newItem();
  for (const name of namesOf(item)) {
    if (name !== except) copy[name] = item[name] as Value;
  }
  return copy;
}

/**
 * The item, with scalars that other items have as well taken from them: rows that share long ids then cost half
 * the memory. `except`: an attribute that no two items share.
 */
export function shareValues(item: Item, except: string | undefined): Item {
  const thrifty = newItem();
  for (const name of namesOf(item)) {
    const value = item[name] as Value;
    thrifty[name] = name === except ? value : shared(value);
  }
  return thrifty;
}

function shared(value: Value): Value {
  if (value.type !== 'S' && value.type !== 'N') return value;
  const seen = value.type === 'S' ? texts : numbers;
  const known = seen.get(value.value);
  if (known !== undefined) return known;
  if (seen.size === SHARED_MAX) seen.clear();
  seen.set(value.value, value);
  return value;
}

/** Values are immutable, so that databases may share them too. */
const texts = new Map<string, Value>();
const numbers = new Map<string, Value>();
const SHARED_MAX = 20_000;

/** Order of two values of one scalar type (S by its UTF-8 bytes, N by size, B by its bytes). */
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
      // Surrogates stand for code points above every other code unit.
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

/** Bytes of an item as DynamoDB counts them: names in UTF-8, and each value by its type. */
export function itemSize(item: Item): number {
  let size = 0;
  for (const name of namesOf(item)) {
    size += Buffer.byteLength(name) + valueSize(item[name] as Value);
  }
  return size;
}

export function valueSize(value: Value): number {
  switch (value.type) {
    case 'S':
      return Buffer.byteLength(value.value);
    case 'N':
      return numberSize(value.value);
    case 'B':
      return value.value.length;
    case 'BOOL':
    case 'NULL':
      return 1;
    case 'SS':
      return value.value.reduce((size, entry) => size + Buffer.byteLength(entry), 0);
    case 'NS':
      return value.value.reduce((size, entry) => size + numberSize(entry), 0);
    case 'BS':
      return value.value.reduce((size, entry) => size + entry.length, 0);
    case 'L':
      return value.value.reduce((size, entry) => size + 1 + valueSize(entry), 3);
    case 'M': {
      let size = 3;
      for (const name of namesOf(value.value)) {
        size += Buffer.byteLength(name) + 1 + valueSize(value.value[name] as Value);
      }
      return size;
    }
  }
}

function rank(unit: number): number {
  return unit <= 0xdfff ? unit + 0x10000 : unit;
}
