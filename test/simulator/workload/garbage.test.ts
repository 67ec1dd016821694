import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { GARBAGE_KINDS } from '../../../src/simulator/workload/winner/garbage.ts';
import { winner } from '../../../src/simulator/workload/winner/winner.ts';
import { judge } from './judge.ts';

test('the classifier of these tests tells valid, foreign and malformed records apart', () => {
  const record = winner.encode(winner.generate('seed', { count: 1 }).at(0), 0).data;
  const text = new TextDecoder().decode(record);
  const bytes = (value: string) => new TextEncoder().encode(value);
  expect(judge(record)).toBe('valid');
  expect(judge(bytes(text.replace('product/purchase', 'cart/add')))).toBe('foreign');
  expect(judge(bytes(text.replace('{', '{"more":1,')))).toBe('malformed');
});

test('every malformed record is malformed, and Kinesis accepts it', () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(GARBAGE_KINDS.length * 8), (seed, index) => {
      const { kind, data, partitionKey } = winner.garbage(seed, index);
      expect({ kind, judgement: judge(data) }).toEqual({ kind, judgement: 'malformed' });
      expect(data.length + new TextEncoder().encode(partitionKey).length).toBeLessThanOrEqual(
        2 ** 20,
      );
      expect(partitionKey.length).toBeGreaterThanOrEqual(1);
      expect(partitionKey.length).toBeLessThanOrEqual(256);
    }),
    { numRuns: 1000 },
  );
});

test('all kinds occur in turn, at least fifteen', () => {
  const kinds = GARBAGE_KINDS.map((_, index) => winner.garbage('seed', index).kind);
  expect(new Set(kinds)).toEqual(new Set(GARBAGE_KINDS));
  expect(GARBAGE_KINDS.length).toBeGreaterThanOrEqual(15);
});

test('the same seed and index give the same record', () => {
  const drawn = () =>
    Array.from({ length: 100 }, (_, index) => {
      const { data, ...rest } = winner.garbage('seed', index);
      return { ...rest, text: new TextDecoder().decode(data) };
    });
  expect(drawn()).toEqual(drawn());
});

test('some records are too large for a DynamoDB item, in the first rounds only', () => {
  const sizes = Array.from(
    { length: 1000 },
    (_, index) => winner.garbage('seed', index).data.length,
  );
  expect(sizes.filter((size) => size > 400 * 1024)).toHaveLength(3);
});
