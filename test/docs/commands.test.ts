/** The README is short, and each command that `.ci/run` runs stands in one document. */
import { expect, test } from '@jest/globals';
import { readDocument, readDocuments } from './documents.ts';

test('the README has at most 120 lines', () => {
  expect(readDocument('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(120);
});

test('each command of .ci/run follows one marker, in one document', () => {
  const names = /^for name in ([\w ]+); do$/m.exec(readDocument('.ci/run'))?.[1]?.split(' ') ?? [];
  expect(names.slice(0, 2)).toEqual(['test', 'main']);
  const marked = readDocuments().flatMap(({ text }) =>
    [...text.matchAll(/^<!-- command: (\w+) -->\n```sh\n[^`]+\n```$/gm)].map(([, name]) => name),
  );
  expect(marked.sort()).toEqual([...names].sort());
});

test('what a newcomer types is in the README', () => {
  for (const name of ['main', 'test']) {
    expect(readDocument('README.md')).toContain(`<!-- command: ${name} -->`);
  }
});
