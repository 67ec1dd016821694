import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { abbreviations, elided, folded, printable } from '../../../src/simulator/report/text.ts';
import { eventId } from './sample.ts';

const tricky = fc
  .array(fc.constantFrom('\\', 'u', '{1b}', '\u001b', '…', 'a', 'b', '\u202e', '\ud800'), {
    maxLength: 80,
  })
  .map((parts) => parts.join(''));

test('no two texts are printed the same', () => {
  fc.assert(
    fc.property(tricky, tricky, (left, right) => {
      fc.pre(left !== right);
      expect(printable(left)).not.toBe(printable(right));
    }),
  );
  expect(printable('\\u{1b}')).not.toBe(printable('\u001b'));
});

test('no two of the texts given are shortened to the same, ids or not', () => {
  const ids = fc
    .tuple(fc.nat(3), fc.nat(3_000_000))
    .map(([shard, number]) => eventId(shard, number));
  fc.assert(
    fc.property(fc.uniqueArray(fc.oneof(tricky, ids), { maxLength: 30 }), (texts) => {
      const abbreviate = abbreviations(texts, 44);
      expect(new Set(texts.map(abbreviate)).size).toBe(texts.length);
    }),
  );
});

test('event ids keep their shard and the digits that tell them apart', () => {
  const ids = [eventId(1, 7), eventId(12, 7), eventId(1, 1_000_007)];
  const abbreviate = abbreviations([...ids, 'short', 'as long as this'], 9);
  expect(abbreviate(eventId(1, 7))).toBe('1:…00000007');
  expect(abbreviate(eventId(12, 7))).toBe('12:…00000007');
  expect(abbreviate(eventId(1, 1_000_007))).toBe('1:…01000007');
  expect(abbreviate('short')).toBe('short');
  expect(abbreviate('as long as this')).toBe('as …as this');
  expect(abbreviate('not given')).toBe('not given');
});

test('a long text keeps its beginning and its end, and the width asked for', () => {
  expect(elided('abcdefghijkl', 7)).toBe('ab…ijkl');
  expect(elided('abcdefg', 7)).toBe('abcdefg');
});

test('folded: between words, indented, and no word is lost or cut', () => {
  expect(folded('title  one two three', 12, 7)).toBe('title  one\n       two\n       three');
  expect(folded('a-word-too-long for it', 5)).toBe('a-word-too-long\nfor\nit');
  fc.assert(
    fc.property(
      fc.array(fc.stringMatching(/^[a-z]{1,8}$/)),
      fc.integer({ min: 8, max: 40 }),
      (words, width) => {
        const lines = folded(words.join(' '), width).split('\n');
        expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
        expect(lines.join(' ')).toBe(words.join(' '));
      },
    ),
  );
});
