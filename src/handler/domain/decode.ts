/** Decodes a record. Bytes that are not a valid event return the reason, and never throw. */
import * as v from 'valibot';
import type { GameEvent } from './event.ts';

export type Decoded =
  | { readonly kind: 'event'; readonly event: GameEvent }
  /** A valid envelope with the event of another service. */
  | { readonly kind: 'foreign' }
  /** `reason` names the first rule that is broken, and contains no part of the payload. */
  | { readonly kind: 'malformed'; readonly reason: string };

/** A larger record is malformed: no event of the game comes near this size. */
export const RECORD_BYTES_MAX = 262_144;

export function decode(data: Uint8Array): Decoded {
  if (data.byteLength > RECORD_BYTES_MAX) {
    return malformed(`larger than ${RECORD_BYTES_MAX} bytes`);
  }
  let json: unknown;
  try {
    json = JSON.parse(utf8.decode(data));
  } catch (error) {
    return malformed(error instanceof SyntaxError ? 'not valid JSON' : 'not valid UTF-8');
  }
  const envelope = v.safeParse(Envelope, json, { abortEarly: true });
  if (!envelope.success) return malformed(describe(envelope.issues[0]));
  const { origin, timeOrigin, eventId } = envelope.output;
  const product = payloads.get(envelope.output.data.schema);
  if (product === undefined) return { kind: 'foreign' };
  // Not from the output: the copy that validation makes loses a key `__proto__`.
  const payload = (json as { readonly data: unknown }).data;
  const parsed = v.safeParse(product.schema, payload, { abortEarly: true });
  if (!parsed.success) return malformed(`data: ${describe(parsed.issues[0])}`);
  const productId = parsed.output.id;
  return {
    kind: 'event',
    event:
      product.kind === 'purchase'
        ? { kind: 'purchase', productId, eventId, origin, timeOrigin }
        : { kind: product.kind, productId, eventId, origin },
  };
}

/** DynamoDB's limits: a partition key has at most 2,048 bytes, a sort key 1,024. */
const PartitionKey = v.pipe(
  v.string(),
  v.nonEmpty('is empty'),
  v.check((text) => text.isWellFormed(), 'is not well-formed Unicode'),
  v.maxBytes(2048, 'is longer than 2,048 bytes'),
);
const EventId = v.pipe(
  v.string(),
  v.regex(/^[\x20-\x7e]{1,1024}$/, 'is not 1 to 1,024 printable ASCII characters'),
);
const DateTime = v.pipe(
  v.string(),
  v.maxLength(64, 'is not an ISO 8601 date-time'),
  v.isoTimestamp('is not an ISO 8601 date-time'),
);

const Envelope = v.strictObject({
  schema: v.literal('com.nordstrom/retail-stream-egress/1-0-0'),
  origin: PartitionKey,
  timeOrigin: DateTime,
  timeIngest: DateTime,
  timeProcess: DateTime,
  followsFrom: v.optional(v.string()),
  eventId: EventId,
  data: v.looseObject({ schema: v.string() }),
});

const payloads = new Map<
  string,
  { kind: GameEvent['kind']; schema: v.GenericSchema<unknown, { id: string }> }
>([
  [
    'com.nordstrom/product/create/1-0-0',
    {
      kind: 'creation',
      schema: v.strictObject({
        schema: v.string(),
        id: PartitionKey,
        brand: v.string(),
        name: v.string(),
        description: v.string(),
        category: v.string(),
      }),
    },
  ],
  [
    'com.nordstrom/product/image/1-0-0',
    {
      kind: 'photograph',
      schema: v.strictObject({ schema: v.string(), id: PartitionKey, image: v.string() }),
    },
  ],
  [
    'com.nordstrom/product/purchase/1-0-0',
    { kind: 'purchase', schema: v.strictObject({ schema: v.string(), id: PartitionKey }) },
  ],
]);

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function malformed(reason: string): Decoded {
  return { kind: 'malformed', reason };
}

/** Names the field and the rule. The name of an unknown field is payload, and is left out. */
function describe(issue: v.BaseIssue<unknown>): string {
  if (issue.type === 'strict_object' && issue.expected === 'never')
    return 'has a field that is not allowed';
  const field = v.getDotPath(issue) ?? 'the record';
  if (issue.kind === 'validation') return `${field} ${issue.message}`;
  if (issue.received === 'undefined') return `${field} is missing`;
  return `${field} is not ${issue.expected ?? 'valid'}`;
}
