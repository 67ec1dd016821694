/**
 * Counterexamples that were kept. `tidied-after-a-lost-answer` is of the bug that the search once found in
 * the shipped handler: each is right with the handler as it is, and fails with the bug put back.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, jest, test } from '@jest/globals';
import { labelsOf } from '../../../src/simulator/search/document.ts';

jest.setTimeout(60_000);
const FOLDER = fileURLToPath(new URL('counterexamples/', import.meta.url));
const BIN = fileURLToPath(new URL('../../../bin/simulate.js', import.meta.url));

// Jest's modules know no hooks, with which bugs are planted: it runs in a process of its own.
function replay(...words: string[]) {
  const { status, stdout } = spawnSync(process.execPath, [BIN, 'replay', ...words], {
    encoding: 'utf8',
  });
  return { status, stdout };
}

test.each(readdirSync(FOLDER))('%s: right as shipped, and wrong with its bug', (name) => {
  const file = FOLDER + name;
  // Without one it would show nothing.
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
