import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decode, RECORD_BYTES_MAX } from '../../../src/handler/domain/decode.ts';
import { pick, seededRandom } from '../../../src/simulator/random.ts';
import { GARBAGE_KINDS } from '../../../src/simulator/workload/winner/garbage.ts';
import { winner } from '../../../src/simulator/workload/winner/winner.ts';
import { judge } from '../../simulator/workload/judge.ts';

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

const purchase = {
  schema: 'com.nordstrom/retail-stream-egress/1-0-0',
  origin: 'hello-retail/web-client-purchase-product/amzn1.7749/alex',
  timeOrigin: '2017-03-28T23:52:53.763Z',
  data: { schema: 'com.nordstrom/product/purchase/1-0-0', id: '7749361' },
  eventId: 'shardId-000000000001:49571669109051079099161633575187621651768511161306185746',
  timeIngest: '2017-03-28T23:52:53.818Z',
  timeProcess: '2017-03-28T23:52:59.677Z',
};

test('a purchase', () => {
  expect(decode(bytes(purchase))).toEqual({
    kind: 'event',
    event: {
      kind: 'purchase',
      productId: '7749361',
      eventId: purchase.eventId,
      origin: purchase.origin,
      timeOrigin: purchase.timeOrigin,
    },
  });
});

test('every generated event decodes to itself', () => {
  const history = winner.generate('decode', { count: 2000, entities: { products: 40, users: 10 } });
  for (let at = 0; at < history.length; at++) {
    const event = history.at(at);
    const decoded = decode(winner.encode(event, at % 3).data);
    if (decoded.kind !== 'event') throw new Error(`${at}: ${JSON.stringify(decoded)}`);
    expect(event).toMatchObject(decoded.event);
  }
});

test("another service's event is foreign", () => {
  const data = { schema: 'com.nordstrom/cart/add/1-0-0', anything: [1] };
  expect(decode(bytes({ ...purchase, data }))).toEqual({ kind: 'foreign' });
});

test.each([['#c'], ['__proto__'], ['constructor'], ['🛒 and 🎉'], [':v'], ['é'.repeat(1024)]])(
  'the product id %p is data',
  (id) => {
    const decoded = decode(bytes({ ...purchase, data: { ...purchase.data, id } }));
    expect(decoded).toMatchObject({ kind: 'event', event: { productId: id } });
  },
);

test.each([
  [{ ...purchase, schema: 'com.nordstrom/retail-stream-egress/2-0-0' }, 'schema'],
  [{ ...purchase, origin: '' }, 'origin'],
  [{ ...purchase, origin: 7 }, 'origin'],
  [{ ...purchase, origin: undefined }, 'origin'],
  [{ ...purchase, origin: '\ud800' }, 'origin'],
  [{ ...purchase, origin: 'é'.repeat(1025) }, 'origin'],
  [{ ...purchase, eventId: 'e'.repeat(1025) }, 'eventId'],
  [{ ...purchase, eventId: 'é' }, 'eventId'],
  [{ ...purchase, eventId: 'a\u007f' }, 'eventId'],
  [{ ...purchase, timeOrigin: 'yesterday' }, 'timeOrigin'],
  [{ ...purchase, followsFrom: null }, 'followsFrom'],
  [{ ...purchase, colour: 'red' }, 'not allowed'],
  [{ ...purchase, data: { ...purchase.data, colour: 'red' } }, 'not allowed'],
  [{ ...purchase, data: { ...purchase.data, id: '' } }, 'id'],
  [{ ...purchase, data: { schema: purchase.data.schema } }, 'id'],
  [{ ...purchase, data: [] }, 'data'],
  [null, 'record'],
])('%j is malformed, and the reason names the %s', (value, field) => {
  expect(decode(bytes(value))).toEqual({
    kind: 'malformed',
    reason: expect.stringContaining(field),
  });
});

test('bytes that are not valid JSON, or not valid UTF-8, or too many', () => {
  expect(decode(new TextEncoder().encode('{"schema":'))).toMatchObject({
    reason: 'not valid JSON',
  });
  expect(decode(Uint8Array.of(0x22, 0xff, 0x22))).toMatchObject({ reason: 'not valid UTF-8' });
  expect(decode(new Uint8Array(RECORD_BYTES_MAX + 1))).toMatchObject({ kind: 'malformed' });
});

test('a __proto__ key is a field that is not allowed', () => {
  const text = JSON.stringify(purchase).replace('{', '{"__proto__":{"origin":"x"},');
  expect(decode(new TextEncoder().encode(text))).toMatchObject({ kind: 'malformed' });
});

test('every kind of garbage is malformed', () => {
  for (let index = 0; index < 3 * GARBAGE_KINDS.length; index++) {
    const { data, kind } = winner.garbage('decode', index);
    expect([kind, decode(data).kind]).toEqual([kind, 'malformed']);
  }
});

test('100,000 hostile records: the decoder agrees with a second, separate judge', () => {
  const random = seededRandom('hostile', 'records');
  const history = winner.generate('hostile', { count: 500, entities: { products: 5, users: 3 } });
  const seen = { event: 0, foreign: 0, malformed: 0 };
  const replacements = fc.sample(fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' })), {
    numRuns: 2000,
    seed: 1,
  });
  for (let at = 0; at < 100_000; at++) {
    const valid = winner.encode(history.at(at % history.length), 0).data;
    const hostile = mutate(valid, at, () => pick(random, replacements), random);
    const { kind } = decode(hostile);
    seen[kind]++;
    const expected = judge(hostile);
    if ((kind === 'event' ? 'valid' : kind) !== expected) {
      throw new Error(`${new TextDecoder().decode(hostile)} is ${expected}, not ${kind}`);
    }
  }
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(1000);
});

/** Changes bytes, cuts the record, or replaces, adds or removes fields. */
function mutate(
  valid: Uint8Array,
  at: number,
  replacement: () => unknown,
  random: () => number,
): Uint8Array {
  const place = Math.floor(random() * valid.length);
  if (at % 4 === 0) {
    const copy = Uint8Array.from(valid);
    copy[place] = Math.floor(random() * 256);
    return copy;
  }
  if (at % 16 === 1) return valid.subarray(0, place);
  const envelope = JSON.parse(new TextDecoder().decode(valid)) as Record<string, unknown>;
  const data = envelope['data'] as Record<string, unknown>;
  const target = random() < 0.5 ? envelope : data;
  const names = [...Object.keys(target), 'extra', '__proto__', ''];
  const name = names[Math.floor(random() * names.length)] ?? '';
  if (random() < 0.2) delete target[name];
  else if (name === 'schema' && target === data && random() < 0.7) target[name] = `other/${at}`;
  else Object.defineProperty(target, name, { value: replacement(), enumerable: true });
  return bytes(envelope);
}
