/** What a request asks for, and what a write changes, in a few words. Pure. */
import { actionsOf } from '../dynamodb/gateway/actions.ts';
import type { JsonObject } from '../dynamodb/gateway/json.ts';
import type { Row } from '../model/workload.ts';

/** The items that a request is about, by their keys. */
export function asked(operation: string, input: JsonObject): string {
  return actionsOf(operation, input)
    .map(({ table, body }) => {
      const key = body['Key'] ?? body['Item'] ?? body['ExpressionAttributeValues'];
      return `${table.replace(/^[^-]*-/, '')} ${keyText(key)}`;
    })
    .join(', ');
}

/** The key attributes of an item or key, and little else. */
function keyText(key: unknown): string {
  const parts = Object.entries((key ?? {}) as Record<string, Record<string, unknown>>)
    .filter(([name]) => /Id$|^role$|^record$|^:(productId|after|upTo)$/.test(name))
    .map(([, value]) => String(Object.values(value)[0]));
  return parts.join(' ');
}

/** What of a row is new, attribute by attribute. */
export function changed(before: Row | undefined, after: Row | undefined): string {
  if (after === undefined) return 'deleted';
  const key = ['productId', 'eventId', 'userId', 'role', 'record'].flatMap((name) =>
    after[name] === undefined ? [] : [String(after[name])],
  );
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after)]);
  const changes = [...names].flatMap((name) => {
    const [was, is] = [before?.[name], after[name]].map((value) => valueText(value));
    if (was === is || key.some((part) => part === after[name])) return [];
    return [`${name} ${before === undefined ? '' : `${was} → `}${is}`];
  });
  return `${key.join(' ')}: ${changes.join('; ') || 'the same again'}`;
}

function valueText(value: unknown): string {
  if (value === undefined) return 'none';
  if (typeof value !== 'object') return String(value);
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'bigint' ? String(part) : part,
  );
}
