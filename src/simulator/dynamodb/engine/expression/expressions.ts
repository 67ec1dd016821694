/**
 * The expressions of a request: parsed once for each text, then bound to the request's names and
 * values, which must all be defined and used.
 */
import type { WireItem } from '../wire-value.ts';
import type { Condition } from './condition.ts';
import { checkCondition } from './condition-check.ts';
import { type Parsed, parse } from './parse-expression.ts';
import { type Bindings, overlapping, type Path, resolvePath, showPath } from './path.ts';
import { bindValues, checkDefined, checkNames, checkUnused } from './placeholders.ts';
import { invalid } from './tokens.ts';
import type { Update } from './update.ts';
import { checkUpdate } from './update-check.ts';

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
 * Parses and binds. `operands` names the expressions that may use values, for an error message.
 * @throws ValidationException
 */
export function expressions(input: ExpressionInput, operands: readonly string[]): Expressions {
  const names = input.ExpressionAttributeNames ?? undefined;
  const wireValues = input.ExpressionAttributeValues ?? undefined;
  const condition = parse('ConditionExpression', input.ConditionExpression);
  const filter = parse('FilterExpression', input.FilterExpression);
  const key = parse('KeyConditionExpression', input.KeyConditionExpression);
  const projection = parse('ProjectionExpression', input.ProjectionExpression);
  const update = parse('UpdateExpression', input.UpdateExpression);
  const all = [update, condition, filter, key, projection].filter((entry) => entry !== undefined);
  if (all.length === 0 && !names && !wireValues) return NONE;
  checkNames(names, all.length > 0);
  const bindings = { names, values: bindValues(wireValues, all.length > 0, operands) };
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

const NONE: Expressions = { bindings: { names: undefined, values: undefined } };

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

function checkProjection(paths: readonly Path[], bindings: Bindings): void {
  if (paths.length < 2) return;
  const pair = overlapping(paths.map((path) => resolvePath(path, bindings)));
  if (!pair) return;
  throw invalid(
    'ProjectionExpression',
    `Two document paths overlap with each other; must remove or rewrite one of these paths; path one: ${showPath(pair[0])}, path two: ${showPath(pair[1])}`,
  );
}
