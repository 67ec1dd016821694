/**
 * Kept counterexamples: each converges with the shipped handler, and fails with its bug planted.
 * The search found the bug of `tidied-after-a-lost-answer` in the shipped handler.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, jest, test } from '@jest/globals';
import { labelsOf } from '../../../src/simulator/search/document.ts';

jest.setTimeout(60_000);
const FOLDER = fileURLToPath(new URL('counterexamples/', import.meta.url));
const BIN = fileURLToPath(new URL('../../../bin/simulate.js', import.meta.url));

// Bugs are planted with module hooks, which Jest's modules ignore: the command runs in its own
// process.
function replay(...words: string[]) {
  const { status, stdout } = spawnSync(process.execPath, [BIN, 'replay', ...words], {
    encoding: 'utf8',
  });
  return { status, stdout };
}

test.each(readdirSync(FOLDER))('%s: converges as shipped, and fails with its bug', (name) => {
  const file = FOLDER + name;
  // A file without a planted bug would prove nothing.
  expect(labelsOf(readFileSync(file, 'utf8')).mutant).toBe(name.replace('.json', ''));

  const shipped = replay(file, '--no-mutant');
  expect(shipped.stdout).toMatch(/\nconverged\n/);
  expect(shipped.status).toBe(0);

  const buggy = replay(file, '--trace');
  expect(buggy.stdout).toMatch(/ ► .*\ndiverged\n/s);
  expect(buggy.status).toBe(2);
});

test('there is one of each kind', () => {
  const kinds = readdirSync(FOLDER).map(
    (name) => labelsOf(readFileSync(FOLDER + name, 'utf8')).kind,
  );
  expect(kinds.toSorted()).toEqual(['scenario', 'schedule']);
});
