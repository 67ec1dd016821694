/** Each mutant replaces a text that occurs once, and the result is a program. */
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { describe, expect, test } from '@jest/globals';
import { CHECKS, type Check, mutate } from '../../../src/simulator/mutation/mutant.ts';
import { MUTANTS } from '../../../src/simulator/mutation/planted/planted.ts';

const HANDLER = new URL('../../../src/handler/', import.meta.url);

test.each(MUTANTS.map((mutant) => [mutant.name, mutant] as const))('%s', (_name, mutant) => {
  const text = readFileSync(new URL(mutant.file, HANDLER), 'utf8');
  const mutated = mutate(text, mutant);
  expect(mutated).not.toBe(text);
  expect(() => stripTypeScriptTypes(mutated)).not.toThrow();
  // A mutant is a small change.
  expect(mutant.replace.split('\n').length).toBeLessThanOrEqual(8);
  expect(mutant.caughtBy.length).toBeGreaterThan(0);
});

test('there are enough mutants, names are unique, and each check is expected to catch some', () => {
  expect(MUTANTS.length).toBeGreaterThanOrEqual(25);
  expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
  const first = (check: Check) => MUTANTS.filter(({ caughtBy }) => caughtBy[0] === check);
  expect(CHECKS.filter((check) => first(check).length === 0)).toEqual([]);
});

describe('a mutant whose text does not occur exactly once is refused', () => {
  const mutant = { name: 'm', file: 'f.ts', find: 'a', replace: 'b' };
  test.each([
    ['absent', 'xyz'],
    ['twice', 'a a'],
  ])('%s', (_why, text) => {
    expect(() => mutate(text, mutant)).toThrow(/f\.ts contains its text \d times, not once/);
  });
});
