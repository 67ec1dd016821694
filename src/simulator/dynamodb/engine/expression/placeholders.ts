/** The names and values of a request's expressions: each must be valid, defined and used. */
import { validation } from '../errors.ts';
import { newItem } from '../value.ts';
import { fromWire } from '../wire.ts';
import type { WireItem, WireValue } from '../wire-value.ts';
import type { Parsed } from './parse-expression.ts';
import type { Bindings } from './path.ts';
import { invalid } from './tokens.ts';

export function checkNames(names: Bindings['names'], hasExpression: boolean): void {
  if (!names) return;
  if (!hasExpression) {
    throw validation('ExpressionAttributeNames can only be specified when using expressions');
  }
  let count = 0;
  for (const name of Object.keys(names)) {
    count++;
    if (!/^#\w+$/.test(name)) {
      throw validation(
        `ExpressionAttributeNames contains invalid key: Syntax error; key: "${name}"`,
      );
    }
    if (typeof names[name] !== 'string' || names[name] === '') {
      throw validation(
        `ExpressionAttributeNames contains invalid value: An attribute name must not be empty; key: "${name}"`,
      );
    }
  }
  if (count === 0) throw validation('ExpressionAttributeNames must not be empty');
}

export function bindValues(
  wire: WireItem | undefined,
  hasExpression: boolean,
  operands: readonly string[],
): Bindings['values'] {
  if (!wire) return undefined;
  if (!hasExpression) {
    const missing = operands.map((name) => `${name} is null`).join(' and ');
    throw validation(
      `ExpressionAttributeValues can only be specified when using expressions: ${missing}`,
    );
  }
  const values = newItem();
  let count = 0;
  for (const name of Object.keys(wire)) {
    if (!/^:\w+$/.test(name)) {
      throw validation(
        `ExpressionAttributeValues contains invalid key: Syntax error; key: "${name}"`,
      );
    }
    values[name] = bindValue(name, wire[name] as WireValue);
    count++;
  }
  if (count === 0) throw validation('ExpressionAttributeValues must not be empty');
  return values;
}

function bindValue(name: string, value: WireValue) {
  try {
    return fromWire(value);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ValidationException') throw error;
    throw validation(
      `ExpressionAttributeValues contains invalid value: ${error.message} for key ${name}`,
    );
  }
}

export function checkDefined(parsed: Parsed, { names, values }: Bindings): void {
  for (const name of parsed.names) {
    if (names?.[name] === undefined) {
      throw invalid(
        parsed.kind,
        `An expression attribute name used in the document path is not defined; attribute name: ${name}`,
      );
    }
  }
  for (const name of parsed.values) {
    if (values?.[name] === undefined) {
      throw invalid(
        parsed.kind,
        `An expression attribute value used in expression is not defined; attribute value: ${name}`,
      );
    }
  }
}

export function checkUnused(all: readonly Parsed[], bindings: Bindings): void {
  for (const [of, parameter] of PLACEHOLDERS) {
    const bound = bindings[of];
    if (bound === undefined) continue;
    const unused: string[] = [];
    for (const name of Object.keys(bound)) {
      if (!all.some((parsed) => parsed[of].has(name))) unused.push(name);
    }
    if (unused.length > 0) throw unusedKeys(parameter, unused);
  }
}

const PLACEHOLDERS = [
  ['names', 'ExpressionAttributeNames'],
  ['values', 'ExpressionAttributeValues'],
] as const;

function unusedKeys(parameter: string, keys: readonly string[]): Error {
  const list = keys.toSorted().join(', ');
  return validation(`Value provided in ${parameter} unused in expressions: keys: {${list}}`);
}
