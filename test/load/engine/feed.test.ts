import { describe, expect, test } from '@jest/globals';
import type { FedEvent, FeedOptions } from '../../../load/engine/feed.ts';
import { winner } from '../../../src/simulator/workload/winner/winner.ts';
import { ANY, feed } from './plain-feed.ts';

const identities = (fed: readonly FedEvent[]) => fed.map(({ event }) => winner.identity(event));

describe('the feed', () => {
  test('takes the generated histories one after another, each event once', () => {
    const fed = feed().take(1_200, ANY);
    const first = winner.generate('S 1 0', { count: 500 });
    const third = winner.generate('S 1 2', { count: 500 });
    expect(fed[499]?.event).toEqual(first.at(499));
    expect(fed[1_199]?.event).toEqual(third.at(199));
    expect(new Set(identities(fed)).size).toBe(1_200);
  });

  test('is determined by seed and worker', () => {
    const disorder = { duplicate: 0.2, late: 0.1 };
    const take = (more: Partial<FeedOptions>) => feed({ ...disorder, ...more }).take(500, ANY);
    expect(take({})).toEqual(take({}));
    const others = new Set(identities(take({ worker: '2' })));
    expect(identities(take({})).filter((identity) => others.has(identity))).toEqual([]);
  });

  test('adds the mark to every product and user, and changes nothing else', () => {
    const options = { duplicate: 0.2, late: 0.1, hot: true };
    const plain = feed(options).take(700, { kind: 'any', skew: 0.5 });
    const marked = feed({ ...options, mark: 'm:' }).take(700, { kind: 'any', skew: 0.5 });
    const without = ({ event, copy }: FedEvent) => ({ event, copy });
    expect(marked.map(without)).toEqual(
      plain.map(({ event, copy }) => ({
        event: { ...event, productId: `m:${event.productId}`, origin: `m:${event.origin}` },
        copy,
      })),
    );
  });

  test('copies a share of the events, each after the original', () => {
    const fed = feed({ duplicate: 0.2 }).take(5_000, ANY);
    const copies = fed.filter(({ copy }) => copy === 1);
    expect(copies.length / (5_000 - copies.length)).toBeGreaterThan(0.15);
    expect(copies.length / (5_000 - copies.length)).toBeLessThan(0.25);
    const firsts = new Set<string>();
    for (const { event, copy } of fed) {
      const identity = winner.identity(event);
      expect(firsts.has(identity)).toBe(copy === 1);
      firsts.add(identity);
    }
  });

  test('delays a share of the events, and loses only the last ones', () => {
    const late = identities(feed({ late: 0.1 }).take(3_000, ANY));
    const inTime = identities(feed().take(2_400, ANY));
    expect(late.slice(0, 300)).not.toEqual(inTime.slice(0, 300));
    expect(new Set(late).size).toBe(3_000);
    const found = new Set(late);
    expect(inTime.filter((identity) => !found.has(identity))).toEqual([]);
  });

  test('takes events of the requested kind only', () => {
    const kinds = feed({ duplicate: 0.2 })
      .take(50, { kind: 'photograph', skew: 0 })
      .map(({ event }) => event.kind);
    expect(new Set(kinds)).toEqual(new Set(['photograph']));
  });

  test('gives the hot product its share of purchases after its registrations, the same for all workers', () => {
    const choice = { kind: 'any', skew: 0.5 } as const;
    const fed = feed({ hot: true }).take(4_000, choice);
    const hot = fed[0]?.event.productId;
    expect(fed.slice(0, 8).map(({ event }) => event.productId)).toEqual(Array(8).fill(hot));
    expect(fed.slice(0, 8).map(({ event }) => event.kind)).toContain('creation');
    const purchases = fed.filter(({ event }) => event.kind === 'purchase');
    const share =
      purchases.filter(({ event }) => event.productId === hot).length / purchases.length;
    expect(share).toBeGreaterThan(0.45);
    expect(share).toBeLessThan(0.55);
    expect(feed({ hot: true, worker: '2' }).take(1, choice)[0]?.event.productId).toBe(hot);
  });
});
