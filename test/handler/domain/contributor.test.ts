/** Rule 3: which of two candidates for a role comes first. */
import { expect, test } from '@jest/globals';
import { precedes, successor } from '../../../src/handler/domain/contributor.ts';

test('the smaller event id comes first, byte by byte', () => {
  expect(precedes({ eventId: '10', origin: 'z' }, { eventId: '9', origin: 'a' })).toBe(true);
  expect(precedes({ eventId: '9', origin: 'a' }, { eventId: '10', origin: 'z' })).toBe(false);
});

test('of equal event ids the smaller origin, in the order of its bytes, not of its code units', () => {
  const [star, emoji] = ['\uffe5', '😀'];
  expect(star < emoji).toBe(false);
  expect(precedes({ eventId: '1', origin: star }, { eventId: '1', origin: emoji })).toBe(true);
  expect(precedes({ eventId: '1', origin: 'ab' }, { eventId: '1', origin: 'a' })).toBe(false);
  expect(precedes({ eventId: '1', origin: 'a' }, { eventId: '1', origin: 'a' })).toBe(false);
});

test('only an earlier candidate takes a role from its holder', () => {
  const [early, late] = [
    { eventId: '1', origin: 'b' },
    { eventId: '2', origin: 'a' },
  ];
  expect(successor(late, early)).toBe(early);
  expect(successor(undefined, late)).toBe(late);
  for (const candidate of [late, early, undefined]) {
    expect(successor(early, candidate)).toBeUndefined();
  }
});
