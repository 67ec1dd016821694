/** Update expressions: SET, REMOVE, ADD, DELETE. All read the item as it was before the update. */

import { hasBytes } from '../compare-values.ts';
import { validation } from '../errors.ts';
import { addNumbers } from '../number.ts';
import { copyItem, type Item, type Value } from '../value.ts';
import { type Bindings, type Path, resolvePath, valueAt } from './path.ts';

export interface Update {
  readonly actions: readonly Action[];
}

export type Action =
  | { readonly is: 'SET'; readonly path: Path; readonly to: Operand }
  | { readonly is: 'REMOVE'; readonly path: Path }
  | { readonly is: 'ADD' | 'DELETE'; readonly path: Path; readonly name: string };

export type Operand =
  | { readonly is: 'path'; readonly path: Path }
  | { readonly is: 'value'; readonly name: string }
  | { readonly is: 'if_not_exists'; readonly path: Path; readonly otherwise: Operand }
  | { readonly is: 'list_append' | '+' | '-'; readonly left: Operand; readonly right: Operand };

/** Returns the updated item; `item` doesn't change. @throws ValidationException */
export function applyUpdate(update: Update, item: Item, bindings: Bindings): Item {
  let after = copyItem(item);
  const removals: Path[] = [];
  const appends: { path: Path; value: Value }[] = [];
  for (const action of update.actions) {
    const path = resolvePath(action.path, bindings);
    if (action.is === 'REMOVE') {
      removals.push(path);
    } else if (action.is === 'SET') {
      const value = evaluateOperand(action.to, item, bindings);
      if (typeof path.at(-1) === 'number') appends.push({ path, value });
      else setAt(after, path, value);
    } else {
      const operand = bindings.values?.[action.name] as Value;
      const old = valueAt(item, path, NOTHING);
      const value = action.is === 'ADD' ? added(old, operand) : without(old, operand);
      if (value) setAt(after, path, value);
      else if (old) removals.push(path);
    }
  }
  // Elements beyond the end of a list are appended in the order of their indexes.
  appends.sort((a, b) => (a.path.at(-1) as number) - (b.path.at(-1) as number));
  for (const { path, value } of appends) setAt(after, path, value);
  // Indexes refer to the item before the update, so remove from the end.
  removals.sort((a, b) => lastIndex(b) - lastIndex(a));
  for (const path of removals) after = removeAt(after, path);
  return after;
}

const NOTHING: Bindings = { names: undefined, values: undefined };

function wrongType(): Error {
  return validation('An operand in the update expression has an incorrect data type');
}

function evaluateOperand(operand: Operand, item: Item, bindings: Bindings): Value {
  switch (operand.is) {
    case 'value':
      return bindings.values?.[operand.name] as Value;
    case 'path': {
      const value = valueAt(item, operand.path, bindings);
      if (value) return value;
      throw validation(
        'The provided expression refers to an attribute that does not exist in the item',
      );
    }
    case 'if_not_exists':
      return (
        valueAt(item, operand.path, bindings) ?? evaluateOperand(operand.otherwise, item, bindings)
      );
    default: {
      const left = evaluateOperand(operand.left, item, bindings);
      const right = evaluateOperand(operand.right, item, bindings);
      if (operand.is === 'list_append') {
        if (left.type !== 'L' || right.type !== 'L') throw wrongType();
        return { type: 'L', value: [...left.value, ...right.value] };
      }
      if (left.type !== 'N' || right.type !== 'N') throw wrongType();
      const sum = addNumbers(left.value, right.value, operand.is === '+' ? 1 : -1);
      return { type: 'N', value: sum };
    }
  }
}

function added(old: Value | undefined, operand: Value): Value {
  if (!old) return operand;
  if (old.type === 'N' && operand.type === 'N') {
    return { type: 'N', value: addNumbers(old.value, operand.value, 1) };
  }
  if (old.type === 'BS' && operand.type === 'BS') {
    const fresh = operand.value.filter((entry) => !hasBytes(old.value, entry));
    return { type: 'BS', value: [...old.value, ...fresh] };
  }
  if ((old.type === 'SS' || old.type === 'NS') && operand.type === old.type) {
    return { type: old.type, value: [...new Set([...old.value, ...operand.value])] };
  }
  throw wrongType();
}

/** The set without some elements; undefined if none is left. */
function without(old: Value | undefined, operand: Value): Value | undefined {
  if (!old) return undefined;
  if (old.type === 'BS' && operand.type === 'BS') {
    const value = old.value.filter((entry) => !hasBytes(operand.value, entry));
    return value.length > 0 ? { type: 'BS', value } : undefined;
  }
  if ((old.type === 'SS' || old.type === 'NS') && operand.type === old.type) {
    const gone = new Set(operand.value);
    const value = old.value.filter((entry) => !gone.has(entry));
    return value.length > 0 ? { type: old.type, value } : undefined;
  }
  throw wrongType();
}

function setAt(item: Item, path: Path, value: Value): void {
  const name = path[0] as string;
  item[name] = path.length === 1 ? value : setBelow(item[name], path, 1, value);
}

function setBelow(at: Value | undefined, path: Path, depth: number, value: Value): Value {
  const step = path[depth];
  if (step === undefined) return value;
  const isLast = depth === path.length - 1;
  if (typeof step === 'number' && at?.type === 'L') {
    const list = [...at.value];
    const old = list[step];
    if (!old && !isLast) throw invalidPath();
    list[Math.min(step, list.length)] = setBelow(old, path, depth + 1, value);
    return { type: 'L', value: list };
  }
  if (typeof step === 'string' && at?.type === 'M') {
    const map = copyItem(at.value);
    if (!map[step] && !isLast) throw invalidPath();
    map[step] = setBelow(map[step], path, depth + 1, value);
    return { type: 'M', value: map };
  }
  throw invalidPath();
}

/** A path that doesn't exist is no error. */
function removeAt(item: Item, path: Path): Item {
  const name = path[0] as string;
  const value = item[name];
  if (!value) return item;
  if (path.length === 1) return copyItem(item, name);
  item[name] = removeBelow(value, path, 1);
  return item;
}

function removeBelow(at: Value, path: Path, depth: number): Value {
  const step = path[depth] as string | number;
  const isLast = depth === path.length - 1;
  if (typeof step === 'number' && at.type === 'L') {
    const below = at.value[step];
    if (!below) return at;
    const value = isLast
      ? at.value.toSpliced(step, 1)
      : at.value.with(step, removeBelow(below, path, depth + 1));
    return { type: 'L', value };
  }
  const below = typeof step === 'string' && at.type === 'M' ? at.value[step] : undefined;
  if (at.type !== 'M' || !below) return at;
  if (isLast) return { type: 'M', value: copyItem(at.value, step as string) };
  const map = copyItem(at.value);
  map[step] = removeBelow(below, path, depth + 1);
  return { type: 'M', value: map };
}

function invalidPath(): Error {
  return validation('The document path provided in the update expression is invalid for update');
}

function lastIndex(path: Path): number {
  const last = path.at(-1);
  return typeof last === 'number' ? last : -1;
}
