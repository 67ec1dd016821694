/** Checks an update with its placeholders, without an item. */
import type { Item, ValueType } from '../value.ts';
import { type Bindings, conflicting, overlapping, resolvePath, showPath } from './path.ts';
import { invalid } from './tokens.ts';
import type { Operand, Update } from './update.ts';

/** @throws ValidationException */
export function checkUpdate(update: Update, bindings: Bindings): void {
  const kind = 'UpdateExpression';
  for (const action of update.actions) {
    if (action.is === 'SET') checkOperand(action.to, bindings);
    if (action.is !== 'ADD' && action.is !== 'DELETE') continue;
    const type = (bindings.values as Item)[action.name]?.type ?? 'NULL';
    const isSet = type === 'SS' || type === 'NS' || type === 'BS';
    if (isSet || (type === 'N' && action.is === 'ADD')) continue;
    throw invalid(
      kind,
      `Incorrect operand type for operator or function; operator: ${action.is}, operand type: ${TYPE_NAMES[type]}`,
    );
  }
  if (update.actions.length < 2) return;
  const paths = update.actions.map((action) => resolvePath(action.path, bindings));
  const overlap = overlapping(paths);
  const pair = overlap ?? conflicting(paths);
  if (!pair) return;
  const how = overlap ? 'overlap' : 'conflict';
  throw invalid(
    kind,
    `Two document paths ${how} with each other; must remove or rewrite one of these paths; path one: ${showPath(pair[0])}, path two: ${showPath(pair[1])}`,
  );
}

const TYPE_NAMES: Readonly<Record<ValueType, string>> = {
  S: 'STRING',
  N: 'NUMBER',
  B: 'BINARY',
  BOOL: 'BOOLEAN',
  NULL: 'NULL',
  SS: 'SS',
  NS: 'NS',
  BS: 'BS',
  L: 'LIST',
  M: 'MAP',
};

function checkOperand(operand: Operand, bindings: Bindings): void {
  if (operand.is === 'if_not_exists') checkOperand(operand.otherwise, bindings);
  if (operand.is !== 'list_append' && operand.is !== '+' && operand.is !== '-') return;
  const expected = operand.is === 'list_append' ? 'L' : 'N';
  for (const side of [operand.left, operand.right]) {
    checkOperand(side, bindings);
    const type = side.is === 'value' ? bindings.values?.[side.name]?.type : undefined;
    if (type === undefined || type === expected) continue;
    throw invalid(
      'UpdateExpression',
      `Incorrect operand type for operator or function; operator or function: ${operand.is}, operand type: ${TYPE_NAMES[type]}`,
    );
  }
}
