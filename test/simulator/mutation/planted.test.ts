/** The planted bugs as values: each still has its one place, and what stands there then is a program. */
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
  // A small change, not another handler.
  expect(mutant.replace.split('\n').length).toBeLessThanOrEqual(8);
  expect(mutant.caughtBy.length).toBeGreaterThan(0);
});

test('there are enough, each has its own name, and each check has some to catch', () => {
  expect(MUTANTS.length).toBeGreaterThanOrEqual(25);
  expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
  const first = (check: Check) => MUTANTS.filter(({ caughtBy }) => caughtBy[0] === check);
  expect(CHECKS.filter((check) => first(check).length === 0)).toEqual([]);
});

describe('a mutant that has lost its place is refused', () => {
  const mutant = { name: 'm', file: 'f.ts', find: 'a', replace: 'b' };
  test.each([
    ['no longer there', 'xyz'],
    ['there twice', 'a a'],
  ])('%s', (_why, text) => {
    expect(() => mutate(text, mutant)).toThrow(/times in f\.ts, not once/);
  });
});
