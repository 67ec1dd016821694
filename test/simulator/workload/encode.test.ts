import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { WinnerEvent } from '../../../src/simulator/workload/winner/event.ts';
import { winner } from '../../../src/simulator/workload/winner/winner.ts';
import { judge } from './judge.ts';

const decode = (event: WinnerEvent, copy: number) =>
  JSON.parse(new TextDecoder().decode(winner.encode(event, copy).data));

const stamps = {
  timeOrigin: '2017-03-28T23:52:53.763Z',
  timeIngest: '2017-03-28T23:52:53.818Z',
  timeProcess: '2017-03-28T23:52:59.677Z',
};
const eventId = 'shardId-000000000001:49571669109051079099161633575187621651768511161306185746';
const purchase: WinnerEvent = {
  kind: 'purchase',
  productId: '7749361',
  eventId,
  origin: 'hello-retail/web-client-purchase-product/amzn1.7749/alex',
  ...stamps,
};

describe('an event on the wire', () => {
  test('is exactly the envelope of the specification', () => {
    expect(new TextDecoder().decode(winner.encode(purchase, 0).data)).toBe(
      '{"schema":"com.nordstrom/retail-stream-egress/1-0-0","origin":"hello-retail/web-client-purchase-product/amzn1.7749/alex","timeOrigin":"2017-03-28T23:52:53.763Z","data":{"schema":"com.nordstrom/product/purchase/1-0-0","id":"7749361"},"eventId":"shardId-000000000001:49571669109051079099161633575187621651768511161306185746","timeIngest":"2017-03-28T23:52:53.818Z","timeProcess":"2017-03-28T23:52:59.677Z"}',
    );
  });

  test('carries the fields of its kind', () => {
    const { kind: _, ...common } = purchase;
    const details = { brand: 'Acme', name: 'Chair', description: 'To sit on', category: 'Home' };
    expect(decode({ kind: 'creation', ...common, ...details }, 0).data).toEqual({
      schema: 'com.nordstrom/product/create/1-0-0',
      id: '7749361',
      ...details,
    });
    expect(decode({ kind: 'photograph', ...common, image: 'a.jpg' }, 0).data).toEqual({
      schema: 'com.nordstrom/product/image/1-0-0',
      id: '7749361',
      image: 'a.jpg',
    });
  });

  test('differs between copies, but only in fields that may differ', () => {
    const free = { timeIngest: '', timeProcess: '', followsFrom: '' };
    for (const copy of [1, 2, 3]) {
      expect(judge(winner.encode(purchase, copy).data)).toBe('valid');
      expect({ ...decode(purchase, copy), ...free }).toEqual({ ...decode(purchase, 0), ...free });
      const [previous, next] = [decode(purchase, copy - 1), decode(purchase, copy)];
      expect(next.timeIngest > previous.timeIngest).toBe(true);
      expect(next.timeProcess > previous.timeProcess).toBe(true);
      expect('followsFrom' in next).not.toBe('followsFrom' in previous);
    }
  });

  test('has its product as a partition key that Kinesis accepts', () => {
    expect(winner.encode(purchase, 0).partitionKey).toBe('7749361');
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 600, unit: 'grapheme' }), (productId) => {
        const { partitionKey } = winner.encode({ ...purchase, productId }, 0);
        expect(partitionKey.length).toBeGreaterThanOrEqual(1);
        expect(partitionKey.length).toBeLessThanOrEqual(256);
        expect(partitionKey.isWellFormed()).toBe(true);
      }),
    );
  });
});

test('the identity is the subject, the kind and the event id, without origin and time', () => {
  expect(winner.identity({ ...purchase, timeIngest: 'later' })).toBe(winner.identity(purchase));
  const others: WinnerEvent[] = [
    { ...purchase, productId: '7749362' },
    { ...purchase, eventId: 'shardId-000000000001:1' },
    { ...purchase, kind: 'photograph', image: 'a.jpg' },
    { ...purchase, kind: 'creation', brand: '', name: '', description: '', category: '' },
  ];
  expect(new Set([purchase, ...others].map(winner.identity)).size).toBe(5);
});

test('describes an event by its schema', () => {
  expect(winner.describe(purchase)).toEqual({
    kind: 'product/purchase',
    subject: '7749361',
    eventId,
    origin: purchase.origin,
  });
});
