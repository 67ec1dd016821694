import { describe, expect, test } from '@jest/globals';
import { readDocuments, readSources } from '../docs/documents.ts';
import { englishIsPlain } from './plain-english.ts';

const SOURCES = [...readDocuments(), ...readSources()].filter(
  ({ path }) => !path.startsWith('test/architecture/plain-english'),
);

test('sources, tests and documents are in plain English', () => {
  for (const folder of ['src/', 'load/', 'scripts/', 'test/', 'docs/']) {
    expect(SOURCES.some(({ path }) => path.startsWith(folder))).toBe(true);
  }
  expect(englishIsPlain(SOURCES)).toEqual([]);
});

describe('a phrase that is not plain is found', () => {
  test.each([
    ['// Called by whoever opens the world.', 'whoever'],
    ['Nobody reads it.', 'Nobody'],
    ["throw new Error('the file is no JSON');", 'is no JSON'],
    ["test('what is so stays so', () => {});", 'what is so'],
  ])('%s', (line, phrase) => {
    const found = englishIsPlain([{ path: 'src/a.ts', text: `\n${line}` }]);
    expect(found).toEqual([`src/a.ts:2 says "${phrase}": ${line}`]);
  });

  test.each(['const nobodyId = 1;', 'const text = "anything else";'])('but not in %s', (line) => {
    expect(englishIsPlain([{ path: 'src/a.ts', text: line }])).toEqual([]);
  });
});
