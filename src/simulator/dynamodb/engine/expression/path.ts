/** Document paths such as `a.b[0].#c`. */
import type { Item, Value } from '../value.ts';
import { isReserved } from './reserved-words.ts';
import { type Cursor, invalid, next, peek, syntaxError, takeSign } from './tokens.ts';

/** Names, placeholders (which begin with `#`) and list indexes. */
export type Path = readonly (string | number)[];

/** The names and values of a request's placeholders. */
export interface Bindings {
  readonly names: Readonly<Record<string, string>> | undefined;
  readonly values: Item | undefined;
}

export function parsePath(input: Cursor): Path {
  const path: (string | number)[] = [parseName(input)];
  while (true) {
    if (takeSign(input, '.')) {
      path.push(parseName(input));
    } else if (takeSign(input, '[')) {
      const index = peek(input);
      if (index.kind !== 'number') throw syntaxError(input);
      next(input);
      path.push(Number(index.text));
      if (!takeSign(input, ']')) throw syntaxError(input);
    } else {
      return path;
    }
  }
}

function parseName(input: Cursor): string {
  const token = peek(input);
  if (token.kind === '#') input.names.add(token.text);
  else if (token.kind !== 'word') throw syntaxError(input);
  else if (isReserved(token.text)) {
    throw invalid(
      input.kind,
      `Attribute name is a reserved keyword; reserved keyword: ${token.text}`,
    );
  }
  next(input);
  return token.text;
}

/** The attribute name of a step. */
export function nameOf(step: string, bindings: Bindings): string {
  return step.charCodeAt(0) === 35 ? (bindings.names?.[step] ?? step) : step;
}

/** The path with its placeholders replaced. */
export function resolvePath(path: Path, bindings: Bindings): Path {
  return path.map((step) => (typeof step === 'string' ? nameOf(step, bindings) : step));
}

/** The value at a path; undefined if there is none. */
export function valueAt(item: Item, path: Path, bindings: Bindings): Value | undefined {
  let value = item[nameOf(path[0] as string, bindings)];
  for (let depth = 1; depth < path.length && value !== undefined; depth++) {
    const step = path[depth] as string | number;
    if (typeof step === 'number') value = value.type === 'L' ? value.value[step] : undefined;
    else value = value.type === 'M' ? value.value[nameOf(step, bindings)] : undefined;
  }
  return value;
}

/** A path as AWS prints it in messages: `[a, b, [0]]`. */
export function showPath(path: Path): string {
  return `[${path.map((step) => (typeof step === 'number' ? `[${step}]` : step)).join(', ')}]`;
}

/** The first two paths of which one contains the other. */
export function overlapping(paths: readonly Path[]): readonly [Path, Path] | undefined {
  for (let i = 0; i < paths.length; i++) {
    for (let j = i + 1; j < paths.length; j++) {
      const left = paths[i] as Path;
      const right = paths[j] as Path;
      const shared = Math.min(left.length, right.length);
      let depth = 0;
      while (depth < shared && left[depth] === right[depth]) depth++;
      if (depth === shared) return [left, right];
    }
  }
  return undefined;
}

/** The first two paths that use the same attribute as a list and as a map. */
export function conflicting(paths: readonly Path[]): readonly [Path, Path] | undefined {
  for (let i = 0; i < paths.length; i++) {
    for (let j = i + 1; j < paths.length; j++) {
      const left = paths[i] as Path;
      const right = paths[j] as Path;
      let depth = 0;
      while (depth < left.length && depth < right.length && left[depth] === right[depth]) depth++;
      const a = left[depth];
      const b = right[depth];
      if (a !== undefined && b !== undefined && typeof a !== typeof b) return [left, right];
    }
  }
  return undefined;
}
