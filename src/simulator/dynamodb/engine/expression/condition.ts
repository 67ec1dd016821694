/** Evaluates conditions and filters against an item. */
import { compareScalars, equalValues, hasBytes } from '../compare-values.ts';
import type { Item, Value } from '../value.ts';
import { type Bindings, nameOf, type Path, valueAt } from './path.ts';

export type Condition =
  | {
      readonly is: 'compare';
      readonly by: Comparator;
      readonly left: Operand;
      readonly right: Operand;
    }
  | {
      readonly is: 'between';
      readonly value: Operand;
      readonly low: Operand;
      readonly high: Operand;
    }
  | { readonly is: 'in'; readonly value: Operand; readonly list: readonly Operand[] }
  | { readonly is: 'exists' | 'not-exists'; readonly path: Path }
  | { readonly is: 'type' | 'begins' | 'contains'; readonly left: Operand; readonly right: Operand }
  | { readonly is: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly is: 'not'; readonly condition: Condition };

export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>=';

export type Operand =
  | { readonly is: 'path'; readonly path: Path }
  | { readonly is: 'value'; readonly name: string }
  | { readonly is: 'size'; readonly of: Operand };

export function evaluate(condition: Condition, item: Item, bindings: Bindings): boolean {
  switch (condition.is) {
    case 'and':
      return evaluate(condition.left, item, bindings) && evaluate(condition.right, item, bindings);
    case 'or':
      return evaluate(condition.left, item, bindings) || evaluate(condition.right, item, bindings);
    case 'not':
      return !evaluate(condition.condition, item, bindings);
    case 'exists':
      return valueAt(item, condition.path, bindings) !== undefined;
    case 'not-exists':
      return valueAt(item, condition.path, bindings) === undefined;
    case 'compare': {
      const left = resolve(condition.left, item, bindings);
      const right = resolve(condition.right, item, bindings);
      return compare(condition.by, left, right);
    }
    case 'between': {
      const value = resolve(condition.value, item, bindings);
      return (
        compare('>=', value, resolve(condition.low, item, bindings)) &&
        compare('<=', value, resolve(condition.high, item, bindings))
      );
    }
    case 'in': {
      const value = resolve(condition.value, item, bindings);
      return condition.list.some((entry) => compare('=', value, resolve(entry, item, bindings)));
    }
    default: {
      const left = resolve(condition.left, item, bindings);
      const right = resolve(condition.right, item, bindings);
      return left !== undefined && right !== undefined && TESTS[condition.is](left, right);
    }
  }
}

/** The top-level attributes that a condition uses. */
export function attributesOf(condition: Condition, bindings: Bindings, into: Set<string>): void {
  switch (condition.is) {
    case 'and':
    case 'or':
      attributesOf(condition.left, bindings, into);
      attributesOf(condition.right, bindings, into);
      break;
    case 'not':
      attributesOf(condition.condition, bindings, into);
      break;
    case 'exists':
    case 'not-exists':
      into.add(nameOf(condition.path[0] as string, bindings));
      break;
    case 'between':
      for (const operand of [condition.value, condition.low, condition.high]) {
        addAttribute(operand, bindings, into);
      }
      break;
    case 'in':
      for (const operand of [condition.value, ...condition.list]) {
        addAttribute(operand, bindings, into);
      }
      break;
    default:
      addAttribute(condition.left, bindings, into);
      addAttribute(condition.right, bindings, into);
  }
}

function addAttribute(operand: Operand, bindings: Bindings, into: Set<string>): void {
  if (operand.is === 'size') addAttribute(operand.of, bindings, into);
  else if (operand.is === 'path') into.add(nameOf(operand.path[0] as string, bindings));
}

function resolve(operand: Operand, item: Item, bindings: Bindings): Value | undefined {
  if (operand.is === 'path') return valueAt(item, operand.path, bindings);
  if (operand.is === 'value') return bindings.values?.[operand.name];
  return sizeOf(resolve(operand.of, item, bindings));
}

/** A missing operand is unequal to everything and has no order. */
function compare(by: Comparator, left: Value | undefined, right: Value | undefined): boolean {
  if (left === undefined || right === undefined) return by === '<>';
  if (by === '=') return equalValues(left, right);
  if (by === '<>') return !equalValues(left, right);
  if (left.type !== right.type) return false;
  if (left.type !== 'S' && left.type !== 'N' && left.type !== 'B') return false;
  const order = compareScalars(left, right);
  if (by === '<') return order < 0;
  if (by === '<=') return order <= 0;
  return by === '>' ? order > 0 : order >= 0;
}

/** The size of a string is in UTF-16 code units, not in bytes. */
function sizeOf(value: Value | undefined): Value | undefined {
  if (!value) return undefined;
  switch (value.type) {
    case 'N':
    case 'BOOL':
    case 'NULL':
      return undefined;
    case 'M':
      return { type: 'N', value: String(Object.keys(value.value).length) };
    default:
      return { type: 'N', value: String(value.value.length) };
  }
}

const TESTS: Record<'type' | 'begins' | 'contains', (left: Value, right: Value) => boolean> = {
  type: (left, right) => right.type === 'S' && left.type === right.value,
  begins(left, right) {
    if (left.type === 'S' && right.type === 'S') return left.value.startsWith(right.value);
    return (
      left.type === 'B' &&
      right.type === 'B' &&
      Buffer.compare(left.value.subarray(0, right.value.length), right.value) === 0
    );
  },
  contains(left, right) {
    switch (left.type) {
      case 'S':
        return right.type === 'S' && left.value.includes(right.value);
      case 'B':
        return right.type === 'B' && Buffer.from(left.value).includes(Buffer.from(right.value));
      case 'SS':
        return right.type === 'S' && left.value.includes(right.value);
      case 'NS':
        return right.type === 'N' && left.value.includes(right.value);
      case 'BS':
        return right.type === 'B' && hasBytes(left.value, right.value);
      case 'L':
        return left.value.some((entry) => equalValues(entry, right));
      default:
        return false;
    }
  },
};
