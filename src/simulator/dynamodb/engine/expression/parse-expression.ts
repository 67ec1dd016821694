/** Parses expressions, each text once in the life of the process. */
import type { Condition } from './condition.ts';
import { parseCondition } from './condition-parser.ts';
import type { Path } from './path.ts';
import { parseProjection } from './projection.ts';
import { cursor, type ExpressionKind, expectEnd } from './tokens.ts';
import type { Update } from './update.ts';
import { parseUpdate } from './update-parser.ts';

export interface Parsed {
  readonly kind: ExpressionKind;
  readonly tree: Condition | Update | readonly Path[];
  readonly names: ReadonlySet<string>;
  readonly values: ReadonlySet<string>;
}

export function parse(kind: ExpressionKind, source: string | undefined): Parsed | undefined {
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

/** Programs have few expressions, but one that generates them must not exhaust the memory. */
const CACHE_MAX = 20_000;

const cache = new Map<ExpressionKind, Map<string, Parsed>>();
