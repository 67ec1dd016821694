import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { GameEvent } from '../../../src/handler/domain/event.ts';
import { reference } from '../../../src/simulator/workload/winner/reference.ts';

const T = '2017-03-28T23:52:53.763Z';
const create = (productId: string, eventId: string, origin: string): GameEvent => ({
  kind: 'creation',
  productId,
  eventId,
  origin,
});
const image = (productId: string, eventId: string, origin: string): GameEvent => ({
  kind: 'photograph',
  productId,
  eventId,
  origin,
});
const buy = (productId: string, eventId: string, origin = 'customer'): GameEvent => ({
  kind: 'purchase',
  productId,
  eventId,
  origin,
  timeOrigin: T,
});

function tables(...events: GameEvent[]) {
  const { Contributions, Scores, Events } = Object.fromEntries(reference(events));
  return { Contributions, Scores, Events };
}

describe('the seven rules', () => {
  test('1, identity: copies are one event; the same event id of another product is another event', () => {
    expect(
      tables(
        create('p', '1', 'A'),
        buy('p', '2'),
        buy('p', '2'),
        buy('q', '2'),
        create('p', '1', 'A'),
      ),
    ).toEqual({
      Contributions: [{ productId: 'p', creator: 'A', creatorEventId: '1' }],
      Scores: [{ userId: 'A', role: 'creator', score: 1 }],
      Events: [
        { productId: 'p', eventId: '2', origin: 'customer', timeOrigin: T },
        { productId: 'q', eventId: '2', origin: 'customer', timeOrigin: T },
      ],
    });
  });

  test('2, order: event ids compare byte by byte, not as numbers', () => {
    expect(tables(create('p', '9', 'A'), create('p', '10', 'B'), buy('p', '2')).Scores).toEqual([
      { userId: 'B', role: 'creator', score: 1 },
    ]);
  });

  test('3, contributor: the least event id, in any order of arrival', () => {
    const [first, second] = [create('p', '1', 'A'), create('p', '2', 'B')];
    const row = { productId: 'p', creator: 'A', creatorEventId: '1' };
    expect(tables(first, second).Contributions).toEqual([row]);
    expect(tables(second, first).Contributions).toEqual([row]);
  });

  test('3, contributor: of equal event ids the origin that is smaller in UTF-8', () => {
    expect(tables(create('p', '1', 'B'), create('p', '1', 'A')).Contributions).toEqual([
      { productId: 'p', creator: 'A', creatorEventId: '1' },
    ]);
    // As UTF-16, which is how `<` compares, the emoji would be the smaller one.
    const [emoji, halfwidth] = ['\u{1f600}', '\uff71'];
    expect(emoji < halfwidth).toBe(true);
    expect(tables(image('p', '1', emoji), image('p', '1', halfwidth)).Contributions).toEqual([
      { productId: 'p', photographer: halfwidth, photographerEventId: '1' },
    ]);
    expect(tables(create('p', '1', 'AB'), create('p', '1', 'A')).Contributions).toEqual([
      { productId: 'p', creator: 'A', creatorEventId: '1' },
    ]);
  });

  test('4, credit: only after the registration, not at its event id, each role separately', () => {
    expect(
      tables(
        create('p', '2', 'A'),
        image('p', '4', 'B'),
        ...['1', '2', '3', '4', '5'].map((id) => buy('p', id)),
      ).Scores,
    ).toEqual([
      { userId: 'A', role: 'creator', score: 3 },
      { userId: 'B', role: 'photographer', score: 1 },
    ]);
  });

  test('4, credit: nothing for a registration that lost', () => {
    expect(
      tables(create('p', '3', 'B'), buy('p', '4'), create('p', '1', 'A'), buy('p', '2')).Scores,
    ).toEqual([{ userId: 'A', role: 'creator', score: 2 }]);
  });

  test('5, score: the sum over products, by role; no row for 0', () => {
    expect(
      tables(
        ...[
          create('p', '1', 'A'),
          create('q', '1', 'A'),
          image('p', '1', 'A'),
          create('r', '8', 'Z'),
        ],
        ...[buy('p', '2'), buy('q', '2'), buy('q', '3'), buy('r', '7')],
      ).Scores,
    ).toEqual([
      { userId: 'A', role: 'creator', score: 3 },
      { userId: 'A', role: 'photographer', score: 1 },
    ]);
  });

  test('6, events: a row for each purchase, credited or not', () => {
    expect(tables(buy('p', '1', 'X'), create('p', '2', 'A'))).toEqual({
      Contributions: [{ productId: 'p', creator: 'A', creatorEventId: '2' }],
      Scores: [],
      Events: [{ productId: 'p', eventId: '1', origin: 'X', timeOrigin: T }],
    });
  });

  test('7, nothing else: no event, no row', () => {
    expect(tables()).toEqual({ Contributions: [], Scores: [], Events: [] });
  });
});

const key = (...values: string[]) => fc.constantFrom(...values);
const event: fc.Arbitrary<GameEvent> = fc
  .record({
    kind: fc.constantFrom('creation', 'photograph', 'purchase'),
    productId: key('1', '__proto__', '#c', '\u{1f600}'),
    eventId: key('1', '10', '2', '3', '9'),
    origin: key('A', 'B', '__proto__', '\u{1f600}', '\uff71'),
  })
  .map(({ kind, ...facts }) =>
    // Copies of a purchase agree on their origin: here it follows from the rest of the identity.
    kind === 'purchase'
      ? { kind, ...facts, origin: `${facts.productId}/${facts.eventId}`, timeOrigin: T }
      : { kind, ...facts },
  );

test('the tables depend neither on order nor on copies', () => {
  fc.assert(
    fc.property(
      fc.array(event, { maxLength: 25 }).chain((events) =>
        fc.tuple(
          fc.constant(events),
          fc.shuffledSubarray([...events, ...events, ...events], {
            minLength: 3 * events.length,
          }),
        ),
      ),
      ([events, disordered]) => expect(reference(disordered)).toEqual(reference(events)),
    ),
    { numRuns: 500 },
  );
});

test('every credit is one purchase after the registration that holds the role', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 25 }), (events) => {
      const { Contributions = [], Scores = [], Events = [] } = tables(...events);
      // Counted in another way: over pairs of rows, without sorting.
      for (const role of ['creator', 'photographer']) {
        const credits = Contributions.flatMap((product) =>
          Events.filter(
            ({ productId, eventId }) =>
              productId === product['productId'] &&
              String(eventId) > String(product[`${role}EventId`]),
          )
            .filter(() => product[role] !== undefined)
            .map(() => product[role]),
        );
        const rows = Scores.filter((row) => row['role'] === role);
        expect(rows.map((row) => row['userId']).sort()).toEqual([...new Set(credits)].sort());
        for (const { userId, score } of rows) {
          expect(score).toBe(credits.filter((user) => user === userId).length);
        }
      }
    }),
    { numRuns: 300 },
  );
});
