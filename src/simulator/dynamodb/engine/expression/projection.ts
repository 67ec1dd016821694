/** Projection expressions: the parts of an item to return. */
import { type Item, newItem, type Value } from '../value.ts';
import { type Bindings, type Path, parsePath, resolvePath } from './path.ts';
import { type Cursor, takeSign } from './tokens.ts';

export function parseProjection(input: Cursor): readonly Path[] {
  const paths = [parsePath(input)];
  while (takeSign(input, ',')) paths.push(parsePath(input));
  return paths;
}

/** The paths below one point of a document. */
interface Node {
  whole: boolean;
  readonly names: Map<string, Node>;
  readonly indexes: Map<number, Node>;
}

export type Projection = (item: Item) => Item;

export function projection(paths: readonly Path[], bindings: Bindings): Projection {
  const root = node();
  for (const path of paths) {
    let at = root;
    for (const step of resolvePath(path, bindings)) {
      const below = typeof step === 'number' ? at.indexes.get(step) : at.names.get(step);
      const child = below ?? node();
      if (!below && typeof step === 'number') at.indexes.set(step, child);
      if (!below && typeof step === 'string') at.names.set(step, child);
      at = child;
    }
    at.whole = true;
  }
  return (item) => projectItem(item, root);
}

function node(): Node {
  return { whole: false, names: new Map(), indexes: new Map() };
}

function projectItem(item: Item, at: Node): Item {
  const result = newItem();
  for (const [name, below] of at.names) {
    const value = item[name];
    const projected = value && projectValue(value, below);
    if (projected) result[name] = projected;
  }
  return result;
}

/** List elements are returned without gaps, in the order of their indexes. */
function projectValue(value: Value, at: Node): Value | undefined {
  if (at.whole) return value;
  if (value.type === 'M' && at.names.size > 0) {
    const projected = projectItem(value.value, at);
    for (const _ in projected) return { type: 'M', value: projected };
    return undefined;
  }
  if (value.type === 'L' && at.indexes.size > 0) {
    const projected: Value[] = [];
    for (const index of [...at.indexes.keys()].sort((a, b) => a - b)) {
      const element = value.value[index];
      const below = at.indexes.get(index);
      const part = element && below && projectValue(element, below);
      if (part) projected.push(part);
    }
    return projected.length > 0 ? { type: 'L', value: projected } : undefined;
  }
  return undefined;
}
