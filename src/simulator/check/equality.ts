/**
 * Equality of attribute values as DynamoDB has them: by content, regardless of the order of
 * attributes.
 */
import type { Row } from '../model/workload.ts';

/**
 * Whether two attribute values are the same. A number never equals a string; bytes and lists are
 * compared by their elements in order, maps by their attributes, sets by their members. An
 * attribute that is `undefined` is the same as no attribute.
 */
export function sameValue(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object') return false;
  if (left === null || right === null) return false;
  if (left instanceof Uint8Array || right instanceof Uint8Array) return sameBytes(left, right);
  if (Array.isArray(left) || Array.isArray(right)) return sameList(left, right);
  if (left instanceof Set || right instanceof Set) return sameSet(left, right);
  return sameMap(left as Row, right as Row);
}

/** The names of the attributes in which two rows differ, sorted. */
export function differingAttributes(left: Row, right: Row): string[] {
  // Not `in`, because an attribute may be called `constructor` or `__proto__`.
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...names].filter((name) => !sameValue(own(left, name), own(right, name))).sort();
}

/** Makes no list of the differences, because it is called for every row. */
function sameMap(left: Row, right: Row): boolean {
  let unmatched = 0;
  for (const name of Object.keys(right)) if (right[name] !== undefined) unmatched++;
  for (const name of Object.keys(left)) {
    if (left[name] === undefined) continue;
    if (!sameValue(left[name], own(right, name))) return false;
    unmatched--;
  }
  return unmatched === 0;
}

function own(row: Row, name: string): unknown {
  return Object.hasOwn(row, name) ? row[name] : undefined;
}

function sameBytes(left: unknown, right: unknown): boolean {
  if (!(left instanceof Uint8Array) || !(right instanceof Uint8Array)) return false;
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}

function sameList(left: unknown, right: unknown): boolean {
  if (!Array.isArray(left) || !Array.isArray(right)) return false;
  return left.length === right.length && left.every((item, index) => sameValue(item, right[index]));
}

function sameSet(left: unknown, right: unknown): boolean {
  if (!(left instanceof Set) || !(right instanceof Set)) return false;
  if (left.size !== right.size) return false;
  // A set of DynamoDB has strings, numbers or bytes; only bytes are compared by content.
  const others = [...right];
  return [...left].every((member) => {
    if (!(member instanceof Uint8Array)) return right.has(member);
    return others.some((other) => sameBytes(member, other));
  });
}
