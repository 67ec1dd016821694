/** Every relative link, anchor and path that a document or a comment names leads somewhere. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { type File, PROJECT, readDocument, readDocuments, readSources } from './documents.ts';

test('relative links in documents, with their anchors', () => {
  const documents = readDocuments();
  expect(documents.flatMap(linksOf).length).toBeGreaterThan(50);
  expect(documents.flatMap(brokenLinks)).toEqual([]);
});

test('paths that documents name', () => {
  expect(readDocuments().flatMap(missingPaths)).toEqual([]);
});

test('documents that comments name', () => {
  const others = readSources().filter(({ path: file }) => file !== 'test/docs/links.test.ts');
  const missing = others.flatMap(({ path: file, text }) =>
    [...text.matchAll(/\bdocs\/[\w/-]+\.md\b/g)]
      .filter(([name]) => !isThere(name))
      .map(([name]) => `${file}: ${name}`),
  );
  expect(missing).toEqual([]);
});

test.each([
  ['[a](docs/nowhere.md)', 'docs/nowhere.md'],
  ['[a](docs/benchmarks.md#nothing)', 'docs/benchmarks.md#nothing'],
  ['[a](#nothing)', '#nothing'],
  ['![a](docs/nowhere.png)', 'docs/nowhere.png'],
])('a broken link is found: %s', (text, target) => {
  expect(brokenLinks({ path: 'README.md', text })).toEqual([`README.md: ${target}`]);
});

test('a missing path is found', () => {
  const text = 'See `src/nowhere.ts`, `docs/benchmarks.md` and `test/<folder>/x.ts`.';
  expect(missingPaths({ path: 'README.md', text })).toEqual(['README.md: src/nowhere.ts']);
});

function linksOf({ text }: File): readonly string[] {
  const targets = [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, to = '']) => to);
  return targets.filter((target) => !/^[a-z]+:/.test(target));
}

function brokenLinks(document: File): readonly string[] {
  return linksOf(document)
    .filter((link) => {
      const [target = '', anchor] = link.split('#');
      const file =
        target === '' ? document.path : path.posix.join(path.posix.dirname(document.path), target);
      if (!isThere(file)) return true;
      const text = target === '' ? document.text : anchor === undefined ? '' : readDocument(file);
      return anchor !== undefined && !anchorsOf(text).includes(anchor);
    })
    .map((link) => `${document.path}: ${link}`);
}

/** Paths in code spans that begin with a folder of the project; those with a placeholder stand for many. */
function missingPaths({ path: file, text }: File): readonly string[] {
  const spans = [...text.matchAll(/`([^`\n]+)`/g)].flatMap(([, span = '']) => span.split(/\s+/));
  return spans
    .filter((word) => /^(src|test|docs|load|scripts|examples|templates|schemas)\//.test(word))
    .filter((word) => !/[*<>{}]/.test(word))
    .map((word) => word.replace(/[#,].*$/, ''))
    .filter((word) => !isThere(word))
    .map((word) => `${file}: ${word}`);
}

function isThere(file: string): boolean {
  return existsSync(path.join(PROJECT, file));
}

/** As GitHub makes them of headings. */
function anchorsOf(text: string): readonly string[] {
  return [...withoutCode(text).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** Fenced blocks are examples, not links. */
function withoutCode(text: string): string {
  return text.replace(/^```[\s\S]*?^```/gm, '');
}
