/** Checks a condition with its placeholders, without an item. */
import { compareScalars } from '../compare-values.ts';
import type { Value, ValueType } from '../value.ts';
import type { Condition, Operand } from './condition.ts';
import { type Bindings, nameOf, showPath } from './path.ts';
import { type ExpressionKind, invalid } from './tokens.ts';

/** @throws ValidationException */
export function checkCondition(
  kind: ExpressionKind,
  condition: Condition,
  bindings: Bindings,
): void {
  switch (condition.is) {
    case 'and':
    case 'or':
      checkCondition(kind, condition.left, bindings);
      checkCondition(kind, condition.right, bindings);
      break;
    case 'not':
      checkCondition(kind, condition.condition, bindings);
      break;
    case 'between':
      checkBounds(
        kind,
        operandValue(condition.low, bindings),
        operandValue(condition.high, bindings),
      );
      break;
    case 'begins':
      checkType(kind, 'begins_with', operandValue(condition.left, bindings), 'S', 'B');
      checkType(kind, 'begins_with', operandValue(condition.right, bindings), 'S', 'B');
      break;
    case 'type':
      checkTypeName(kind, operandValue(condition.right, bindings));
      break;
    case 'compare':
      if (condition.by !== '=' && condition.by !== '<>') {
        checkType(kind, condition.by, operandValue(condition.left, bindings), 'S', 'N', 'B');
        checkType(kind, condition.by, operandValue(condition.right, bindings), 'S', 'N', 'B');
      }
      checkDistinct(kind, condition.by, condition.left, condition.right, bindings);
      break;
    case 'contains':
      checkDistinct(kind, 'contains', condition.left, condition.right, bindings);
      break;
    default:
  }
}

/** Low and high must be of one type and in order. @throws ValidationException */
export function checkBounds(
  kind: ExpressionKind,
  low: Value | undefined,
  high: Value | undefined,
): void {
  checkType(kind, 'BETWEEN', low, 'S', 'N', 'B');
  checkType(kind, 'BETWEEN', high, 'S', 'N', 'B');
  if (!low || !high) return;
  const problem =
    low.type !== high.type
      ? 'same data type for lower and upper bounds'
      : compareScalars(low, high) > 0
        ? 'upper bound to be greater than or equal to lower bound'
        : undefined;
  if (problem === undefined) return;
  throw invalid(
    kind,
    `The BETWEEN operator requires ${problem}; lower bound operand: AttributeValue: ${show(low)}, upper bound operand: AttributeValue: ${show(high)}`,
  );
}

const TYPE_NAMES = new Set(['S', 'N', 'B', 'NULL', 'SS', 'BOOL', 'L', 'BS', 'NS', 'M']);

/** The operand's value, if it needs no item. */
function operandValue(operand: Operand, bindings: Bindings): Value | undefined {
  return operand.is === 'value' ? bindings.values?.[operand.name] : undefined;
}

function checkType(
  kind: ExpressionKind,
  operator: string,
  value: Value | undefined,
  ...allowed: readonly ValueType[]
): void {
  if (!value || allowed.includes(value.type)) return;
  throw invalid(
    kind,
    `Incorrect operand type for operator or function; operator or function: ${operator}, operand type: ${value.type}`,
  );
}

function checkTypeName(kind: ExpressionKind, value: Value | undefined): void {
  checkType(kind, 'attribute_type', value, 'S');
  if (value?.type === 'S' && !TYPE_NAMES.has(value.value)) {
    throw invalid(
      kind,
      `Invalid attribute type name found; type: ${value.value}, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}`,
    );
  }
}

function checkDistinct(
  kind: ExpressionKind,
  operator: string,
  left: Operand,
  right: Operand,
  bindings: Bindings,
): void {
  if (left.is !== 'path' || right.is !== 'path') return;
  const name = (step: string | number) =>
    typeof step === 'string' ? nameOf(step, bindings) : step;
  const path = left.path.map(name);
  if (path.length !== right.path.length) return;
  if (right.path.some((step, depth) => name(step) !== path[depth])) return;
  throw invalid(
    kind,
    `The first operand must be distinct from the remaining operands for this operator or function; operator: ${operator}, first operand: ${showPath(path)}`,
  );
}

function show(value: Value): string {
  const text = value.type === 'B' ? Buffer.from(value.value).toString('base64') : value.value;
  return `{${value.type}:${text}}`;
}
