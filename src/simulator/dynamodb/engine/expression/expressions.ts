/**
 * The expressions of a request: parsed once per text for the life of the process, and bound to
 * the request's names and values, each of which must be defined and used.
 */
import { validation } from '../errors.ts';
import { newItem } from '../value.ts';
import { fromWire, type WireItem, type WireValue } from '../wire.ts';
import type { Condition } from './condition.ts';
import { checkCondition } from './condition-check.ts';
import { parseCondition } from './condition-parser.ts';
import { type Bindings, overlapping, type Path, resolvePath, showPath } from './path.ts';
import { parseProjection } from './projection.ts';
import { cursor, type ExpressionKind, expectEnd, invalid } from './tokens.ts';
import type { Update } from './update.ts';
import { checkUpdate } from './update-check.ts';
import { parseUpdate } from './update-parser.ts';

/** The expression parameters that requests share. */
export interface ExpressionInput {
  readonly ConditionExpression?: string | undefined;
  readonly FilterExpression?: string | undefined;
  readonly KeyConditionExpression?: string | undefined;
  readonly ProjectionExpression?: string | undefined;
  readonly UpdateExpression?: string | undefined;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  readonly ExpressionAttributeValues?: WireItem | undefined;
}

/** A request's expressions, ready to be evaluated. */
export interface Expressions {
  readonly condition?: Condition;
  readonly filter?: Condition;
  readonly key?: Condition;
  readonly projection?: readonly Path[];
  readonly update?: Update;
  readonly bindings: Bindings;
}

/**
 * Parses and binds; `operands` are the expressions that values make sense in (for the message).
 * @throws ValidationException
 */
export function expressions(input: ExpressionInput, operands: readonly string[]): Expressions {
  const names = input.ExpressionAttributeNames ?? undefined;
  const given = input.ExpressionAttributeValues ?? undefined;
  const condition = parse('ConditionExpression', input.ConditionExpression);
  const filter = parse('FilterExpression', input.FilterExpression);
  const key = parse('KeyConditionExpression', input.KeyConditionExpression);
  const projection = parse('ProjectionExpression', input.ProjectionExpression);
  const update = parse('UpdateExpression', input.UpdateExpression);
  const all = [update, condition, filter, key, projection].filter((entry) => entry !== undefined);
  if (all.length === 0 && !names && !given) return NONE;
  checkNames(names, all.length > 0);
  const bindings = { names, values: bindValues(given, all.length > 0, operands) };
  for (const parsed of all) check(parsed, bindings);
  checkUnused(all, bindings);
  return {
    bindings,
    ...(condition && { condition: condition.tree as Condition }),
    ...(filter && { filter: filter.tree as Condition }),
    ...(key && { key: key.tree as Condition }),
    ...(projection && { projection: projection.tree as readonly Path[] }),
    ...(update && { update: update.tree as Update }),
  };
}

interface Parsed {
  readonly kind: ExpressionKind;
  readonly tree: Condition | Update | readonly Path[];
  readonly names: ReadonlySet<string>;
  readonly values: ReadonlySet<string>;
}

const NONE: Expressions = { bindings: { names: undefined, values: undefined } };
/** Texts are few in a program; a program that makes them up as it goes must not fill the memory. */
const CACHE_MAX = 20_000;
const cache = new Map<ExpressionKind, Map<string, Parsed>>();

function parse(kind: ExpressionKind, source: string | undefined): Parsed | undefined {
  if (source === undefined || source === null) return undefined;
  let byText = cache.get(kind);
  if (!byText) {
    byText = new Map();
    cache.set(kind, byText);
  }
  let parsed = byText.get(source);
  if (!parsed) {
    const input = cursor(kind, source);
    const tree =
      kind === 'UpdateExpression'
        ? parseUpdate(input)
        : kind === 'ProjectionExpression'
          ? parseProjection(input)
          : parseCondition(input);
    expectEnd(input);
    parsed = { kind, tree, names: input.names, values: input.values };
    if (byText.size >= CACHE_MAX) byText.clear();
    byText.set(source, parsed);
  }
  return parsed;
}

function checkNames(names: Bindings['names'], hasExpression: boolean): void {
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

function bindValues(
  given: WireItem | undefined,
  hasExpression: boolean,
  operands: readonly string[],
): Bindings['values'] {
  if (!given) return undefined;
  if (!hasExpression) {
    const missing = operands.map((name) => `${name} is null`).join(' and ');
    throw validation(
      `ExpressionAttributeValues can only be specified when using expressions: ${missing}`,
    );
  }
  const values = newItem();
  let count = 0;
  for (const name of Object.keys(given)) {
    if (!/^:\w+$/.test(name)) {
      throw validation(
        `ExpressionAttributeValues contains invalid key: Syntax error; key: "${name}"`,
      );
    }
    values[name] = bindValue(name, given[name] as WireValue);
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

function check(parsed: Parsed, bindings: Bindings): void {
  checkDefined(parsed, bindings);
  switch (parsed.kind) {
    case 'UpdateExpression':
      checkUpdate(parsed.tree as Update, bindings);
      break;
    case 'ProjectionExpression':
      checkProjection(parsed.tree as readonly Path[], bindings);
      break;
    case 'KeyConditionExpression':
      break;
    default:
      checkCondition(parsed.kind, parsed.tree as Condition, bindings);
  }
}

function checkDefined(parsed: Parsed, { names, values }: Bindings): void {
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

function checkProjection(paths: readonly Path[], bindings: Bindings): void {
  if (paths.length < 2) return;
  const pair = overlapping(paths.map((path) => resolvePath(path, bindings)));
  if (!pair) return;
  throw invalid(
    'ProjectionExpression',
    `Two document paths overlap with each other; must remove or rewrite one of these paths; path one: ${showPath(pair[0])}, path two: ${showPath(pair[1])}`,
  );
}

function checkUnused(all: readonly Parsed[], bindings: Bindings): void {
  for (const [of, parameter] of PLACEHOLDERS) {
    const given = bindings[of];
    if (given === undefined) continue;
    const unused: string[] = [];
    for (const name of Object.keys(given)) {
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
