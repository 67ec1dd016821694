import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type DisorderOptions,
  disorder,
  type Push,
  type Pushes,
} from '../../../src/simulator/disorder/disorder.ts';
import { seededRandom } from '../../../src/simulator/random.ts';

const IN_ORDER: DisorderOptions = { shuffle: false, duplicate: 0, delay: 0, garbage: 0 };

function run(length: number, options: Partial<DisorderOptions>, seed = 'seed'): Push[] {
  return list(disorder(length, { ...IN_ORDER, ...options }, seededRandom(seed, 'disorder')));
}

function list(pushes: Pushes): Push[] {
  return Array.from({ length: pushes.length }, (_, position) => pushes.at(position));
}

const firsts = (pushes: readonly Push[]) =>
  pushes.filter(({ event, copy }) => event >= 0 && copy === 0).map(({ event }) => event);

const share = fc.double({ min: 0, max: 1, noNaN: true });
const options = fc.record({
  shuffle: fc.oneof(fc.boolean(), fc.integer({ min: 1, max: 50 })),
  duplicate: share,
  delay: share,
  garbage: share,
});
const length = fc.integer({ min: 0, max: 150 });

describe('the pushes', () => {
  test('are the history in order without options', () => {
    expect(run(4, {})).toEqual([0, 1, 2, 3].map((event) => ({ event, copy: 0, garbage: -1 })));
  });

  test('are a function of the length, the options and the random source', () => {
    fc.assert(
      fc.property(length, options, fc.string(), (n, how, seed) => {
        expect(run(n, how, seed)).toEqual(run(n, how, seed));
      }),
    );
    expect(run(100, { shuffle: true }, 'one')).not.toEqual(run(100, { shuffle: true }, 'other'));
  });

  test('contain each event once, the exact fraction one to three times more, and the exact garbage', () => {
    fc.assert(
      fc.property(length, options, fc.string(), (n, how, seed) => {
        const pushes = run(n, how, seed);
        expect(firsts(pushes).toSorted((a, b) => a - b)).toEqual([...Array(n).keys()]);
        const copies = new Map<number, number>();
        for (const { event, copy } of pushes) {
          if (event < 0) continue;
          // Copies are counted in the order of the pushes, so each comes after the first push.
          expect(copy).toBe(copies.get(event) ?? 0);
          copies.set(event, copy + 1);
        }
        const repeated = [...copies.values()].filter((count) => count > 1);
        expect(repeated).toHaveLength(Math.round(how.duplicate * n));
        expect(Math.max(0, ...repeated)).toBeLessThanOrEqual(4);
        const garbage = pushes.filter(({ event }) => event === -1).map((push) => push.garbage);
        expect(garbage).toEqual([...Array(Math.round(how.garbage * n)).keys()]);
      }),
      { numRuns: 300 },
    );
  });

  test('move no event by as much as the window, nor change the order of events a window apart', () => {
    fc.assert(
      fc.property(
        length,
        fc.integer({ min: 1, max: 50 }),
        share,
        fc.string(),
        (n, window, duplicate, seed) => {
          const order = firsts(run(n, { shuffle: window, duplicate, garbage: 0.2 }, seed));
          let latest = -1;
          for (const [position, event] of order.entries()) {
            expect(Math.abs(position - event)).toBeLessThan(window);
            expect(latest - event).toBeLessThan(window);
            latest = Math.max(latest, event);
          }
        },
      ),
    );
  });

  test('move within the window, by up to almost all of it', () => {
    const order = firsts(run(5000, { shuffle: 100 }));
    const moved = order.map((event, position) => Math.abs(position - event));
    expect(Math.max(...moved)).toBeGreaterThan(50);
  });

  test('come in every order equally often when the whole is shuffled', () => {
    const seen = new Map<string, number>();
    for (let seed = 0; seed < 2400; seed++) {
      const order = firsts(run(4, { shuffle: true }, String(seed))).join('');
      seen.set(order, (seen.get(order) ?? 0) + 1);
    }
    expect(seen.size).toBe(24);
    for (const count of seen.values()) expect(count).toBeGreaterThan(50);
  });

  test('hold back the fraction with its copies until the last fifth, and leave the others in order', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 20, max: 150 }),
        fc.double({ min: 0, max: 0.04, noNaN: true }),
        share,
        fc.string(),
        (n, delay, duplicate, seed) => {
          const pushes = run(n, { delay, duplicate, garbage: 0.1 }, seed);
          const early = pushes.filter((_, position) => position < pushes.length * 0.8);
          const prompt = firsts(early);
          expect(prompt).toEqual(prompt.toSorted((a, b) => a - b));
          const skipped = (prompt.at(-1) ?? -1) + 1 - prompt.length;
          expect(skipped).toBeLessThanOrEqual(Math.round(delay * n));
          const known = new Set(prompt);
          expect(early.every(({ event }) => event === -1 || known.has(event))).toBe(true);
        },
      ),
    );
    const pushes = run(10_000, { delay: 0.05 });
    const prompt = firsts(pushes.slice(0, 8000));
    const skipped = (prompt.at(-1) ?? 0) + 1 - prompt.length;
    expect(skipped).toBeGreaterThan(380);
    expect(skipped).toBeLessThan(460);
  });

  test('fill the end if more are delayed than fit into the last fifth', () => {
    const order = firsts(run(100, { delay: 0.5 }));
    const ascending = (events: number[]) =>
      events.every((event, index) => index === 0 || event > (events[index - 1] ?? 0));
    expect(ascending(order.slice(0, 50)) && ascending(order.slice(50))).toBe(true);
    expect(order).not.toEqual([...Array(100).keys()]);
  });

  test('spread copies and garbage over the whole', () => {
    const pushes = run(5000, { duplicate: 0.2, garbage: 0.2 });
    const quarters = (chosen: (push: Push) => boolean) => {
      const counts = [0, 0, 0, 0];
      pushes.forEach((push, position) => {
        const quarter = Math.floor((4 * position) / pushes.length);
        if (chosen(push)) counts[quarter] = (counts[quarter] ?? 0) + 1;
      });
      return counts;
    };
    for (const count of quarters(({ event }) => event === -1)) {
      expect(count).toBeGreaterThan(180);
      expect(count).toBeLessThan(330);
    }
    // Copies come after their events, so that later parts have more of them.
    const copies = quarters(({ copy }) => copy > 0);
    expect(copies[0]).toBeGreaterThan(20);
    expect(copies).toEqual(copies.toSorted((a, b) => a - b));
  });

  test('are refused for options out of range', () => {
    const bad: Partial<DisorderOptions>[] = [
      ...[{ shuffle: 0 }, { shuffle: 1.5 }, { shuffle: -1 }],
      ...[{ duplicate: -0.1 }, { delay: 1.1 }, { garbage: Number.NaN }],
    ];
    for (const how of bad) expect(() => run(10, how)).toThrow(RangeError);
    expect(() => disorder(1, IN_ORDER, seededRandom('', '')).at(1)).toThrow(RangeError);
  });
});
