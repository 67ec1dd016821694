/** The tester is tested: the checker's own tests see each bug that is planted in the checker. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, jest, test } from '@jest/globals';
import { CHECKER_MUTANTS } from './checker-mutants.ts';

jest.setTimeout(120_000);
let failures: Readonly<Record<string, readonly string[]>> = {};

beforeAll(() => {
  const main = fileURLToPath(new URL('./mutated.ts', import.meta.url));
  failures = JSON.parse(execFileSync(process.execPath, [main], { encoding: 'utf8', env: {} }));
});

test('without a bug all pass', () => {
  expect(failures['none']).toEqual([]);
});

test.each(CHECKER_MUTANTS.map(({ name }) => name))('%s: seen', (name) => {
  expect(failures[name]?.length).toBeGreaterThan(0);
});
