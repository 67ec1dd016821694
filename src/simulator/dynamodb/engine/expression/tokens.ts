/** The tokens of DynamoDB's five kinds of expressions. */
import { requestValidation } from '../errors.ts';

export type ExpressionKind =
  | 'ConditionExpression'
  | 'FilterExpression'
  | 'KeyConditionExpression'
  | 'ProjectionExpression'
  | 'UpdateExpression';

export interface Token {
  /** `word`: a bare name or keyword; `#` and `:`: a placeholder; `end`: the end of the text. */
  readonly kind: 'word' | '#' | ':' | 'number' | 'sign' | 'bad' | 'end';
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** A reader over the tokens of one expression. */
export interface Cursor {
  readonly kind: ExpressionKind;
  readonly source: string;
  readonly tokens: readonly Token[];
  at: number;
  /** The placeholders parsed so far. */
  readonly names: Set<string>;
  readonly values: Set<string>;
}

export function cursor(kind: ExpressionKind, source: string): Cursor {
  if (source === '') throw invalid(kind, 'The expression can not be empty;');
  if (Buffer.byteLength(source) > EXPRESSION_BYTES_MAX) {
    throw invalid(kind, 'Expression size has exceeded the maximum allowed size;');
  }
  const tokens = tokenize(source);
  return { kind, source, tokens, at: 0, names: new Set(), values: new Set() };
}

export function peek(input: Cursor): Token {
  return input.tokens[input.at] as Token;
}

export function next(input: Cursor): Token {
  const token = peek(input);
  if (token.kind !== 'end') input.at++;
  return token;
}

/** Consumes the next token if it is this sign; returns whether it was. */
export function takeSign(input: Cursor, text: string): boolean {
  const token = peek(input);
  if (token.kind !== 'sign' || token.text !== text) return false;
  input.at++;
  return true;
}

/** Consumes the next token if it is this keyword, in any case; returns whether it was. */
export function takeWord(input: Cursor, keyword: string): boolean {
  const token = peek(input);
  if (token.kind !== 'word' || token.text.toUpperCase() !== keyword) return false;
  input.at++;
  return true;
}

export function expectSign(input: Cursor, text: string): void {
  if (!takeSign(input, text)) throw syntaxError(input);
}

export function expectEnd(input: Cursor): void {
  if (peek(input).kind !== 'end') throw syntaxError(input);
}

/** The next token is unexpected. The message shows it with its neighbours, as AWS's does. */
export function syntaxError(input: Cursor): Error {
  const token = peek(input);
  const before = input.tokens[input.at - 1] ?? token;
  const after = input.tokens[input.at + 1] ?? token;
  const near = input.source.slice(before.start, Math.max(after.end, token.end));
  return invalid(input.kind, `Syntax error; token: "${token.text}", near: "${near}"`);
}

export function invalid(kind: ExpressionKind, message: string): Error {
  return requestValidation(`Invalid ${kind}: ${message}`);
}

const EXPRESSION_BYTES_MAX = 4096;
const PATTERN =
  /\s*(?:([A-Za-z_][A-Za-z0-9_]*)|(#[A-Za-z0-9_]+)|(:[A-Za-z0-9_]+)|(\d+)|(<>|<=|>=|[-<>=+()[\].,])|(\S)|$)/y;

function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  PATTERN.lastIndex = 0;
  while (true) {
    const match = PATTERN.exec(source);
    const text = match?.slice(1).find((part) => part !== undefined);
    if (!match || text === undefined) break;
    const end = PATTERN.lastIndex;
    tokens.push({ kind: kindOf(match), text, start: end - text.length, end });
  }
  tokens.push({ kind: 'end', text: '<EOF>', start: source.length, end: source.length });
  return tokens;
}

function kindOf(match: RegExpExecArray): Token['kind'] {
  if (match[1] !== undefined) return 'word';
  if (match[2] !== undefined) return '#';
  if (match[3] !== undefined) return ':';
  if (match[4] !== undefined) return 'number';
  return match[5] !== undefined ? 'sign' : 'bad';
}
