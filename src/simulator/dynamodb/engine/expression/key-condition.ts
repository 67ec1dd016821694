/** Key conditions: the value of a partition key, and optionally a range of sort keys. */

import { compareScalars } from '../compare-values.ts';
import { validation } from '../errors.ts';
import { checkKeyValue } from '../key-checks.ts';
import type { KeySchema } from '../schema.ts';
import type { Value } from '../value.ts';
import type { Comparator, Condition, Operand } from './condition.ts';
import { checkBounds } from './condition-check.ts';
import { type Bindings, nameOf } from './path.ts';
import { invalid } from './tokens.ts';

/** A range of sort keys; without members: all of them. */
export interface SortRange {
  /** Undefined: unbounded. */
  readonly low?: Value;
  readonly lowOpen?: boolean;
  readonly high?: Value;
  readonly highOpen?: boolean;
  readonly prefix?: Value;
}

export interface KeyCondition {
  readonly hash: Value;
  readonly range: SortRange;
  /** The attribute of `range`; undefined: there is no range. */
  readonly rangeName: string | undefined;
}

/** Checked against the keys of a table or index. @throws ValidationException */
export function keyCondition(
  condition: Condition,
  schema: KeySchema,
  bindings: Bindings,
): KeyCondition {
  const parts: Part[] = [];
  collect(condition, bindings, parts);
  const hash = parts.find((part) => part.name === schema.hash.name);
  const rest = parts.filter((part) => part !== hash);
  if (!hash) throw missed(schema.hash.name);
  if (hash.by !== '=') throw validation('Query key condition not supported');
  const [sort] = rest;
  if (rest.length > 1) {
    throw validation('Conditions can be of length 1 or 2 only');
  }
  checkKeyValue(schema.hash, hash.values[0] as Value);
  if (!sort) return { hash: hash.values[0] as Value, range: {}, rangeName: undefined };
  if (sort.name !== schema.range?.name) {
    throw schema.range
      ? missed(schema.range.name)
      : validation('Query key condition not supported');
  }
  for (const value of sort.values) checkKeyValue(schema.range, value);
  return { hash: hash.values[0] as Value, range: rangeOf(sort), rangeName: sort.name };
}

/** Zero if the sort key is in the range, negative below it, positive above it. */
export function placeInRange(range: SortRange, value: Value): number {
  if (range.prefix) {
    if (startsWith(value, range.prefix)) return 0;
    return compareScalars(value, range.prefix);
  }
  if (range.low) {
    const order = compareScalars(value, range.low);
    if (order < 0 || (order === 0 && range.lowOpen)) return -1;
  }
  if (range.high) {
    const order = compareScalars(value, range.high);
    if (order > 0 || (order === 0 && range.highOpen)) return 1;
  }
  return 0;
}

/** One comparison of a key attribute. */
interface Part {
  readonly name: string;
  readonly by: Comparator | 'between' | 'begins';
  readonly values: readonly Value[];
}

const MIRRORED: Readonly<Record<string, Comparator>> = {
  '=': '=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

function collect(condition: Condition, bindings: Bindings, into: Part[]): void {
  switch (condition.is) {
    case 'and':
      collect(condition.left, bindings, into);
      collect(condition.right, bindings, into);
      return;
    case 'compare': {
      const isMirrored = condition.left.is === 'value';
      const by = isMirrored ? MIRRORED[condition.by] : condition.by;
      if (by === undefined || by === '<>') throw unsupported('<>');
      const [key, value] = isMirrored
        ? [condition.right, condition.left]
        : [condition.left, condition.right];
      into.push({ name: keyName(key, bindings), by, values: [operandValue(value, bindings)] });
      return;
    }
    case 'between': {
      const values = [
        operandValue(condition.low, bindings),
        operandValue(condition.high, bindings),
      ];
      checkBounds('KeyConditionExpression', values[0], values[1]);
      into.push({ name: keyName(condition.value, bindings), by: 'between', values });
      return;
    }
    case 'begins':
      into.push({
        name: keyName(condition.left, bindings),
        by: 'begins',
        values: [operandValue(condition.right, bindings)],
      });
      return;
    case 'or':
    case 'not':
    case 'in':
      throw unsupported(condition.is.toUpperCase());
    default:
      throw unsupported(FUNCTIONS[condition.is]);
  }
}

const FUNCTIONS = {
  exists: 'attribute_exists',
  'not-exists': 'attribute_not_exists',
  type: 'attribute_type',
  contains: 'contains',
};

function keyName(operand: Operand, bindings: Bindings): string {
  if (operand.is !== 'path') {
    throw operand.is === 'size'
      ? unsupported('size')
      : invalid('KeyConditionExpression', 'No key attribute specified');
  }
  if (operand.path.length > 1) {
    throw invalid(
      'KeyConditionExpression',
      'KeyConditionExpressions cannot have conditions on nested attributes',
    );
  }
  return nameOf(operand.path[0] as string, bindings);
}

function operandValue(operand: Operand, bindings: Bindings): Value {
  if (operand.is === 'value') return bindings.values?.[operand.name] as Value;
  throw invalid(
    'KeyConditionExpression',
    'The comparison operand must be an expression attribute value',
  );
}

function rangeOf({ by, values }: Part): SortRange {
  const [first, second] = values as [Value, Value];
  switch (by) {
    case '<':
      return { high: first, highOpen: true };
    case '<=':
      return { high: first };
    case '>':
      return { low: first, lowOpen: true };
    case '>=':
      return { low: first };
    case 'between':
      return { low: first, high: second };
    case 'begins':
      if (first.type === 'N') {
        throw invalid(
          'KeyConditionExpression',
          'Incorrect operand type for operator or function; operator or function: begins_with, operand type: N',
        );
      }
      return { prefix: first };
    default:
      return { low: first, high: first };
  }
}

function startsWith(value: Value, prefix: Value): boolean {
  if (value.type === 'S' && prefix.type === 'S') return value.value.startsWith(prefix.value);
  return (
    value.type === 'B' &&
    prefix.type === 'B' &&
    Buffer.compare(value.value.subarray(0, prefix.value.length), prefix.value) === 0
  );
}

function missed(name: string): Error {
  return validation(`Query condition missed key schema element: ${name}`);
}

function unsupported(operator: string): Error {
  return invalid(
    'KeyConditionExpression',
    `Invalid operator used in KeyConditionExpression: ${operator}`,
  );
}
