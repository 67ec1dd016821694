/** Parses updates. */
import { parsePath } from './path.ts';
import { type Cursor, expectSign, invalid, next, peek, syntaxError, takeSign } from './tokens.ts';
import type { Action, Operand, Update } from './update.ts';

export function parseUpdate(input: Cursor): Update {
  const actions: Action[] = [];
  const sections = new Set<string>();
  while (peek(input).kind !== 'end') {
    const section = peek(input).text.toUpperCase();
    if (peek(input).kind !== 'word' || !SECTIONS.has(section)) throw syntaxError(input);
    if (sections.has(section)) {
      throw invalid(
        input.kind,
        `The "${section}" section can only be used once in an update expression;`,
      );
    }
    sections.add(section);
    next(input);
    do actions.push(parseAction(input, section as Action['is']));
    while (takeSign(input, ','));
  }
  return { actions };
}

const SECTIONS = new Set(['SET', 'REMOVE', 'ADD', 'DELETE']);

function parseAction(input: Cursor, is: Action['is']): Action {
  const path = parsePath(input);
  if (is === 'REMOVE') return { is, path };
  if (is === 'SET') {
    expectSign(input, '=');
    return { is, path, to: parseSum(input) };
  }
  return { is, path, name: parseValueName(input) };
}

function parseSum(input: Cursor): Operand {
  const left = parseOperand(input);
  if (takeSign(input, '+')) return { is: '+', left, right: parseOperand(input) };
  if (takeSign(input, '-')) return { is: '-', left, right: parseOperand(input) };
  return left;
}

function parseOperand(input: Cursor): Operand {
  if (peek(input).kind === ':') return { is: 'value', name: parseValueName(input) };
  if (takeSign(input, '(')) {
    const inner = parseSum(input);
    expectSign(input, ')');
    return inner;
  }
  const name = peek(input);
  const after = input.tokens[input.at + 1];
  if (name.kind !== 'word' || after?.kind !== 'sign' || after.text !== '(') {
    return { is: 'path', path: parsePath(input) };
  }
  if (name.text !== 'if_not_exists' && name.text !== 'list_append') {
    throw invalid(input.kind, `Invalid function name; function: ${name.text}`);
  }
  input.at += 2;
  const operands = [parseSum(input)];
  while (takeSign(input, ',')) operands.push(parseSum(input));
  expectSign(input, ')');
  return call(input, name.text, operands);
}

function call(
  input: Cursor,
  name: 'if_not_exists' | 'list_append',
  operands: readonly Operand[],
): Operand {
  const [left, right] = operands;
  if (!left || !right || operands.length !== 2) {
    throw invalid(
      input.kind,
      `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${operands.length}`,
    );
  }
  if (name === 'list_append') return { is: name, left, right };
  if (left.is !== 'path') {
    throw invalid(
      input.kind,
      `Operator or function requires a document path; operator or function: ${name}`,
    );
  }
  return { is: name, path: left.path, otherwise: right };
}

function parseValueName(input: Cursor): string {
  const token = peek(input);
  if (token.kind !== ':') throw syntaxError(input);
  next(input);
  input.values.add(token.text);
  return token.text;
}
