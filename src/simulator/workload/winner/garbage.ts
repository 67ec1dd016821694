/**
 * Malformed records: every kind that the specification's "Bad input" wants in quarantine. Each
 * violates exactly what its name says. A valid envelope with an unknown `data.schema` is not among
 * them: it is skipped.
 */

import type { Random } from '../../model/random.ts';
import type { StreamPayload } from '../../model/workload.ts';
import { below, pick, seededRandom } from '../../random.ts';
import { DATA_SCHEMAS, ENVELOPE_SCHEMA } from './encode.ts';

/** Over the 400 KB of a DynamoDB item, under the 1 MiB of a Kinesis record. */
const HUGE_BYTES = 410_000;
/** Only the first rounds through the kinds have huge records: more would slow the run down. */
const HUGE_ROUNDS = 3;

const LONE_SURROGATE = '\ud83d';
/** More than 2,048 bytes of UTF-8, though fewer characters. */
const LONG_KEY = '\u20ac'.repeat(700);

/** A valid envelope, to be corrupted. */
interface Draft {
  readonly envelope: Record<string, unknown>;
  readonly data: Record<string, unknown>;
}

/** Corrupts the draft in place, or returns the record's text or bytes. */
type Corruption = (draft: Draft, random: Random, round: number) => string | Uint8Array | undefined;

const envelope =
  (name: string, ...values: readonly unknown[]): Corruption =>
  (draft, random) => {
    draft.envelope[name] = pick(random, values);
    return undefined;
  };

const data =
  (name: string, ...values: readonly unknown[]): Corruption =>
  (draft, random) => {
    draft.data[name] = pick(random, values);
    return undefined;
  };

const CORRUPTIONS: Readonly<Record<string, Corruption>> = {
  'empty record': () => '',
  'not JSON': () => 'PURCHASE 7749361 alex',
  'truncated JSON': ({ envelope }, random) => {
    const text = JSON.stringify(envelope);
    return text.slice(0, 1 + below(random, text.length - 1));
  },
  'two envelopes in a record': ({ envelope }) => JSON.stringify(envelope).repeat(2),
  'invalid UTF-8': ({ envelope }) => {
    const bytes = new TextEncoder().encode(JSON.stringify(envelope));
    bytes[bytes.indexOf('/'.charCodeAt(0))] = 0xff;
    return bytes;
  },
  null: () => 'null',
  'no object': (_, random) => pick(random, ['42', '"purchase"', 'true', '[]']),
  'an envelope in an array': ({ envelope }) => JSON.stringify([envelope]),
  'deeply nested': () => '['.repeat(5000) + ']'.repeat(5000),
  'wrong schema': envelope('schema', 'com.nordstrom/retail-stream-egress/1-0-1', '', 1, null),
  'missing envelope field': ({ envelope }, random) => {
    delete envelope[pick(random, Object.keys(envelope))];
    return undefined;
  },
  'extra envelope field': envelope('priority', 'high', null),
  '__proto__ in the envelope': ({ envelope }) =>
    JSON.stringify(envelope).replace('{', '{"__proto__":{"admin":"yes"},'),
  'origin of a wrong type': envelope('origin', 7, null, ['alex'], {}),
  'empty origin': envelope('origin', ''),
  'origin over 2,048 bytes': envelope('origin', LONG_KEY, `hello-retail/${'x'.repeat(2048)}`),
  'lone surrogate in the origin': envelope('origin', `hello-retail/web/1/${LONE_SURROGATE}`),
  'bad date-time': (draft, random) => {
    const field = pick(random, ['timeOrigin', 'timeIngest', 'timeProcess']);
    return envelope(
      field,
      'yesterday',
      '2017-13-45T99:61:00Z',
      '',
      1490745173763,
    )(draft, random, 0);
  },
  'followsFrom of a wrong type': envelope('followsFrom', 1, null, {}),
  'empty event id': envelope('eventId', ''),
  'event id of a wrong type': envelope('eventId', 49571669, null),
  'event id beyond ASCII': envelope('eventId', 'shardId-000000000001:４９５７', 'shardId-é'),
  'event id with a control character': envelope(
    'eventId',
    'shardId-1:\u0000',
    'shardId\n1',
    '\u007f',
  ),
  'event id over 1,024 characters': envelope('eventId', `shardId-000000000001:${'4'.repeat(1004)}`),
  'data that is no object': envelope('data', null, 'purchase', [], 7),
  'data without schema': ({ data }) => {
    delete data['schema'];
    return undefined;
  },
  'data.schema of a wrong type': data('schema', 1, null, {}),
  'missing data field': ({ data }, random) => {
    delete data[
      pick(
        random,
        Object.keys(data).filter((name) => name !== 'schema'),
      )
    ];
    return undefined;
  },
  'extra data field': data('price', '9.99', null, {}),
  '__proto__ in the data': ({ envelope }) =>
    JSON.stringify(envelope).replace('"data":{', '"data":{"__proto__":{"id":"7"},'),
  'unknown data in a bad envelope': ({ envelope, data }) => {
    data['schema'] = 'com.nordstrom/cart/add/1-0-0';
    envelope['priority'] = 'high';
    return undefined;
  },
  'product id of a wrong type': data('id', 7749361, null, true, ['7749361']),
  'empty product id': data('id', ''),
  'product id over 2,048 bytes': data('id', LONG_KEY, '7'.repeat(2049)),
  'lone surrogate in the product id': data('id', `77${LONE_SURROGATE}61`, '\udc00'),
  huge: ({ data }, _, round) => {
    data['id'] = '7'.repeat(round < HUGE_ROUNDS ? HUGE_BYTES : 5000);
    return undefined;
  },
};

export const GARBAGE_KINDS: readonly string[] = Object.keys(CORRUPTIONS);

/**
 * The `index`-th malformed record: the kinds follow each other, and the seed determines the
 * details.
 */
export function garbage(seed: string, index: number): StreamPayload & { readonly kind: string } {
  const random = seededRandom(seed, `garbage ${index}`);
  const kind = GARBAGE_KINDS[index % GARBAGE_KINDS.length] as string;
  const draft = draftOf(random, index);
  const round = Math.floor(index / GARBAGE_KINDS.length);
  const corrupted = CORRUPTIONS[kind]?.(draft, random, round) ?? JSON.stringify(draft.envelope);
  return {
    kind,
    partitionKey: pick(random, [String(index), `garbage-${index}`, '\u{1f4a5}', 'k'.repeat(256)]),
    data: typeof corrupted === 'string' ? new TextEncoder().encode(corrupted) : corrupted,
  };
}

function draftOf(random: Random, index: number): Draft {
  const kind = pick(random, ['purchase', 'photograph', 'creation'] as const);
  const data: Record<string, unknown> = {
    schema: DATA_SCHEMAS[kind],
    id: String(1_000_000 + below(random, 9_000_000)),
    ...(kind === 'photograph' ? { image: 'https://images.hello-retail.example/1.jpg' } : {}),
    ...(kind === 'creation'
      ? { brand: 'Acme', name: 'Chair', description: 'To sit on', category: 'Home' }
      : {}),
  };
  const envelope = {
    schema: ENVELOPE_SCHEMA,
    origin: `hello-retail/web-client-purchase-product/amzn1.${index}/mallory`,
    timeOrigin: '2017-03-28T23:52:53.763Z',
    data,
    eventId: `shardId-000000000001:4957${String(index).padStart(52, '0')}`,
    timeIngest: '2017-03-28T23:52:53.818Z',
    timeProcess: '2017-03-28T23:52:59.677Z',
  };
  return { envelope, data };
}
