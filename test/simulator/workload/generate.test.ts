import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { EventSource } from '../../../src/simulator/model/workload.ts';
import { entities } from '../../../src/simulator/workload/winner/entities.ts';
import type { WinnerEvent } from '../../../src/simulator/workload/winner/event.ts';
import { winner } from '../../../src/simulator/workload/winner/winner.ts';
import { judge } from './judge.ts';

const size = fc.record({
  count: fc.integer({ min: 1, max: 200 }),
  entities: fc.record({
    products: fc.integer({ min: 1, max: 300 }),
    users: fc.integer({ min: 1, max: 30 }),
  }),
});

function all(history: EventSource<WinnerEvent>): WinnerEvent[] {
  return Array.from({ length: history.length }, (_, index) => history.at(index));
}

describe('a generated history', () => {
  test('is a function of seed, options and index, whatever the order of the calls', () => {
    fc.assert(
      fc.property(fc.string(), size, fc.nat(), (seed, options, start) => {
        const expected = all(winner.generate(seed, options));
        const again = winner.generate(seed, options);
        const indexes = [...expected.keys()];
        const turned = [...indexes.slice(start % options.count), ...indexes].reverse();
        expect(turned.map((index) => again.at(index))).toEqual(
          turned.map((index) => expected[index]),
        );
      }),
      { numRuns: 40 },
    );
  });

  test('differs from seed to seed', () => {
    const [one, other] = ['one', 'other'].map((seed) => all(winner.generate(seed, { count: 50 })));
    expect(one).not.toEqual(other);
  });

  test('has exactly `count` events, each valid on the wire and with its own identity', () => {
    fc.assert(
      fc.property(fc.string(), size, (seed, options) => {
        const history = winner.generate(seed, options);
        const events = all(history);
        expect(history.length).toBe(options.count);
        expect(new Set(events.map(winner.identity)).size).toBe(options.count);
        expect(events.filter((event) => judge(winner.encode(event, 0).data) !== 'valid')).toEqual(
          [],
        );
        expect(new Set(events.map((event) => event.productId)).size).toBeLessThanOrEqual(
          options.entities.products,
        );
        const registered = events.filter(({ kind }) => kind !== 'purchase');
        expect(new Set(registered.map(({ origin }) => origin)).size).toBeLessThanOrEqual(
          options.entities.users,
        );
      }),
      { numRuns: 60 },
    );
  });

  test('refuses indexes out of range, and sizes that are not positive integers', () => {
    const history = winner.generate('seed', { count: 3 });
    for (const index of [-1, 3, 0.5]) expect(() => history.at(index)).toThrow(RangeError);
    for (const options of [
      { count: 0 },
      { count: 1.5 },
      { count: 1, entities: { users: 0 } },
      { count: 1, entities: { products: -1 } },
    ]) {
      expect(() => winner.generate('seed', options)).toThrow(RangeError);
    }
  });

  test('has default entities', () => {
    expect(entities(1000)).toEqual({ products: 20, users: 10 });
    expect(entities(10_000)).toEqual({ products: 100, users: 40 });
    expect(entities(1)).toEqual({ products: 1, users: 2 });
    expect(all(winner.generate('seed', { count: 1000 }))).toEqual(
      all(winner.generate('seed', { count: 1000, entities: { products: 20, users: 10 } })),
    );
  });
});

describe.each(['a', 'b', 'c'])('10,000 events of 40 products and 10 users, seed %s', (seed) => {
  const events = all(
    winner.generate(seed, { count: 10_000, entities: { products: 40, users: 10 } }),
  );
  const byProduct = Map.groupBy(events, ({ productId }) => productId);
  const of = (productId: string, kind: WinnerEvent['kind']) =>
    (byProduct.get(productId) ?? []).filter((event) => event.kind === kind);
  const productIds = [...byProduct.keys()];
  const purchases = productIds
    .map((productId) => of(productId, 'purchase').length)
    .sort((a, b) => b - a);

  test('include about 120 registrations', () => {
    const registrations = events.filter(({ kind }) => kind !== 'purchase').length;
    expect(registrations).toBeGreaterThan(110);
    expect(registrations).toBeLessThan(130);
  });

  test('follow Zipf: the first product sells twice as often as the second, ten times as often as the tenth', () => {
    const [first = 0, second = 0] = purchases;
    expect(first / second).toBeGreaterThan(1.7);
    expect(first / second).toBeLessThan(2.3);
    expect(first / (purchases[9] ?? 0)).toBeGreaterThan(8);
    expect(first / (purchases[9] ?? 0)).toBeLessThan(12);
  });

  test('have 40 products with ids of seven digits, and 10 users who act in both roles', () => {
    expect(productIds).toHaveLength(40);
    for (const productId of productIds) expect(productId).toMatch(/^[1-9]\d{6}$/);
    const origins = (kind: string) =>
      new Set(events.filter((event) => event.kind === kind).map(({ origin }) => origin));
    const [creators, photographers] = [origins('creation'), origins('photograph')];
    expect(new Set([...creators, ...photographers]).size).toBe(10);
    expect([...creators].filter((origin) => photographers.has(origin)).length).toBeGreaterThan(5);
    expect([...origins('purchase')].some((origin) => creators.has(origin))).toBe(false);
  });

  test('have rivals of different origin, products without creator, without photographer, without either', () => {
    const counts = productIds.map((id) => [of(id, 'creation').length, of(id, 'photograph').length]);
    expect(counts.some(([created]) => (created ?? 0) > 1)).toBe(true);
    expect(counts.some(([, photographed]) => (photographed ?? 0) > 1)).toBe(true);
    expect(counts.some(([created, photographed]) => created === 0 && photographed !== 0)).toBe(
      true,
    );
    expect(counts.some(([created, photographed]) => created !== 0 && photographed === 0)).toBe(
      true,
    );
    expect(counts.some(([created, photographed]) => created === 0 && photographed === 0)).toBe(
      true,
    );
    for (const productId of productIds) {
      const rivals = of(productId, 'creation').map(({ origin }) => origin);
      expect(new Set(rivals).size).toBe(rivals.length);
    }
  });

  test('have purchases before, between and after rival registrations', () => {
    const seen = { before: 0, between: 0, after: 0 };
    for (const productId of productIds) {
      const rivals = of(productId, 'creation')
        .map(({ eventId }) => eventId)
        .sort();
      if (rivals.length < 2) continue;
      for (const { eventId } of of(productId, 'purchase')) {
        if (eventId < (rivals[0] ?? '')) seen.before++;
        else if (eventId > (rivals.at(-1) ?? '')) seen.after++;
        else seen.between++;
      }
    }
    expect(Math.min(seen.before, seen.between, seen.after)).toBeGreaterThan(50);
  });

  test('have event ids of the core stream, growing with time in each of its shards', () => {
    const last = new Map<string, string>();
    const wrong = events.filter(({ eventId }) => {
      const [shard = '', sequence = ''] = eventId.split(':');
      const grows = sequence > (last.get(shard) ?? '');
      last.set(shard, sequence);
      return !(grows && /^shardId-\d{12}:\d{56}$/.test(eventId));
    });
    expect(wrong).toEqual([]);
    expect(last.size).toBeGreaterThan(1);
  });

  test('keep a product on one core shard, except a few whose byte order differs from the order of time', () => {
    const moved = productIds.filter((productId) => {
      const ids = (byProduct.get(productId) ?? []).map(({ eventId }) => eventId);
      const shards = new Set(ids.map((id) => id.split(':')[0]));
      const sorted = ids.every((id, index) => index === 0 || id > (ids[index - 1] ?? ''));
      expect(sorted).toBe(shards.size === 1);
      return shards.size > 1;
    });
    expect(moved.length).toBeGreaterThanOrEqual(1);
    expect(moved.length).toBeLessThanOrEqual(3);
  });
});
