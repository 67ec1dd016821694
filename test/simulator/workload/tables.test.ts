import { expect, test } from '@jest/globals';
import { winner } from '../../../src/simulator/workload/winner/winner.ts';

test('three tables are compared, the quarantine is not', () => {
  expect(winner.tables.map(({ name, key, compared }) => [name, key, compared])).toEqual([
    ['Contributions', ['productId'], true],
    ['Scores', ['userId', 'role'], true],
    ['Events', ['productId', 'eventId'], true],
    ['Quarantine', ['stream', 'record'], false],
  ]);
  for (const { name, environmentVariable } of winner.tables) {
    expect(environmentVariable).toBe(`TABLE_${name.toUpperCase()}_NAME`);
  }
});

test('everything but bookkeeping is compared', () => {
  const row = { userId: 'A', role: 'creator', score: 2, stray: null };
  expect(winner.comparable('Scores', { ...row, _version: 7, _: 1 })).toEqual(row);
  expect(winner.comparable('Events', { productId: 'p', score: 0 })).toEqual({
    productId: 'p',
    score: 0,
  });
});

test('a score of 0 and a product without contributors are equal to no row', () => {
  expect(
    winner.comparable('Scores', { userId: 'A', role: 'creator', score: 0, _seen: 1 }),
  ).toBeUndefined();
  expect(winner.comparable('Scores', { userId: 'A', role: 'creator', score: '0' })).toBeDefined();
  expect(winner.comparable('Scores', { userId: 'A', role: 'creator', score: -1 })).toBeDefined();
  expect(winner.comparable('Contributions', { productId: 'p', _settled: false })).toBeUndefined();
  expect(winner.comparable('Contributions', { productId: 'p', photographer: 'B' })).toBeDefined();
});
