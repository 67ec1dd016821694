/**
 * Parses conditions. Existing parsers (dynalite's) resolve placeholders while parsing, so their
 * results can't be cached by text.
 */
import type { Comparator, Condition, Operand } from './condition.ts';
import { parsePath } from './path.ts';
import {
  type Cursor,
  expectSign,
  invalid,
  next,
  peek,
  syntaxError,
  takeSign,
  takeWord,
} from './tokens.ts';

/** Parses up to the first token that is not part of the condition. */
export function parseCondition(input: Cursor): Condition {
  return parseOr(input, new Map());
}

const COMPARATORS = new Set(['=', '<>', '<', '<=', '>', '>=']);
const KEYWORDS = new Set(['AND', 'OR', 'NOT', 'BETWEEN', 'IN']);
const ARITIES: Readonly<Record<string, number>> = Object.assign(Object.create(null), {
  attribute_exists: 1,
  attribute_not_exists: 1,
  attribute_type: 2,
  begins_with: 2,
  contains: 2,
  size: 1,
});

/** The end of each parenthesised group by its start: a group that fills another is redundant. */
type Groups = Map<number, number>;

function parseOr(input: Cursor, groups: Groups): Condition {
  let left = parseAnd(input, groups);
  while (takeWord(input, 'OR')) left = { is: 'or', left, right: parseAnd(input, groups) };
  return left;
}

function parseAnd(input: Cursor, groups: Groups): Condition {
  let left = parseNot(input, groups);
  while (takeWord(input, 'AND')) left = { is: 'and', left, right: parseNot(input, groups) };
  return left;
}

function parseNot(input: Cursor, groups: Groups): Condition {
  if (takeWord(input, 'NOT')) return { is: 'not', condition: parseNot(input, groups) };
  const start = input.at;
  if (!takeSign(input, '(')) return parsePredicate(input);
  const condition = parseOr(input, groups);
  const end = input.at;
  expectSign(input, ')');
  groups.set(start, end);
  if (groups.get(start + 1) === end - 1) {
    throw invalid(input.kind, 'The expression has redundant parentheses;');
  }
  return condition;
}

function parsePredicate(input: Cursor): Condition {
  const name = peek(input).text;
  const call = parseCall(input);
  if (call && call.name !== 'size') return predicate(input, call);
  const left = call ? size(call) : parseOperand(input);
  const sign = peek(input);
  if (sign.kind === 'sign' && COMPARATORS.has(sign.text)) {
    next(input);
    return { is: 'compare', by: sign.text as Comparator, left, right: parseOperand(input) };
  }
  if (takeWord(input, 'BETWEEN')) {
    const low = parseOperand(input);
    if (!takeWord(input, 'AND')) throw syntaxError(input);
    return { is: 'between', value: left, low, high: parseOperand(input) };
  }
  if (takeWord(input, 'IN')) {
    expectSign(input, '(');
    const list = [parseOperand(input)];
    while (takeSign(input, ',')) list.push(parseOperand(input));
    expectSign(input, ')');
    return { is: 'in', value: left, list };
  }
  if (call) throw misused(input, name);
  throw syntaxError(input);
}

function parseOperand(input: Cursor): Operand {
  const name = peek(input).text;
  const call = parseCall(input);
  if (call) {
    if (call.name !== 'size') throw misused(input, name);
    return size(call);
  }
  if (peek(input).kind !== ':') return { is: 'path', path: parsePath(input) };
  const token = next(input);
  input.values.add(token.text);
  return { is: 'value', name: token.text };
}

interface Call {
  readonly name: string;
  readonly operands: readonly Operand[];
}

function parseCall(input: Cursor): Call | undefined {
  const name = peek(input);
  const after = input.tokens[input.at + 1];
  if (name.kind !== 'word' || after?.kind !== 'sign' || after.text !== '(') return undefined;
  if (ARITIES[name.text] === undefined) {
    if (KEYWORDS.has(name.text.toUpperCase())) return undefined;
    throw invalid(input.kind, `Invalid function name; function: ${name.text}`);
  }
  input.at += 2;
  const operands = [parseOperand(input)];
  while (takeSign(input, ',')) operands.push(parseOperand(input));
  expectSign(input, ')');
  if (operands.length !== ARITIES[name.text]) {
    throw invalid(
      input.kind,
      `Incorrect number of operands for operator or function; operator or function: ${name.text}, number of operands: ${operands.length}`,
    );
  }
  return { name: name.text, operands };
}

function predicate(input: Cursor, call: Call): Condition {
  const [left, right] = call.operands as [Operand, Operand];
  const after = peek(input);
  if (after.kind === 'sign' && COMPARATORS.has(after.text)) throw misused(input, call.name);
  if (call.name === 'begins_with') return { is: 'begins', left, right };
  if (call.name === 'contains') return { is: 'contains', left, right };
  if (left.is !== 'path') {
    throw invalid(
      input.kind,
      `Operator or function requires a document path; operator or function: ${call.name}`,
    );
  }
  if (call.name === 'attribute_type') return { is: 'type', left, right };
  return { is: call.name === 'attribute_exists' ? 'exists' : 'not-exists', path: left.path };
}

function size(call: Call): Operand {
  return { is: 'size', of: call.operands[0] as Operand };
}

function misused(input: Cursor, name: string): Error {
  return invalid(
    input.kind,
    `The function is not allowed to be used this way in an expression; function: ${name}`,
  );
}
