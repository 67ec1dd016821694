/** Each "item N" and "rule N" that a comment, a test or a document cites is one of the specification's. */
import { expect, test } from '@jest/globals';
import { type File, readDocument, readDocuments, readSources } from './documents.ts';

const NUMBERED = {
  item: numbersIn(readDocument('docs/reference/event-source-mapping.md')),
  rule: numbersIn(sectionOf(readDocument('docs/reference/events.md'), 'The seven rules')),
};

test('the items and rules are numbered without a gap', () => {
  expect(NUMBERED.item).toEqual(Array.from({ length: 28 }, (_, at) => at + 1));
  expect(NUMBERED.rule).toEqual([1, 2, 3, 4, 5, 6, 7]);
});

test('every citation resolves', () => {
  const files = [...readDocuments(), ...readSources()].filter(
    ({ path }) => path !== 'test/docs/specification.test.ts',
  );
  expect(files.flatMap(citationsOf).length).toBeGreaterThan(60);
  expect(files.flatMap(unresolved)).toEqual([]);
});

test.each([
  ['item 29', ['item 29']],
  ['items 6 and 27 to 29', ['item 29']],
  ['Items 0, 5, 9', ['item 0']],
  [' * (items 6 and 9 to\n * 30, 15)', ['item 29', 'item 30']],
  ['Rule 8', ['rule 8']],
  ['rules 3 and 4, items 7 or 8, 25 items 40 KB each', []],
])('%j', (text, wrong) => {
  const expected = wrong.map((citation) => `a.ts cites ${citation}`);
  expect(unresolved({ path: 'a.ts', text })).toEqual(expected);
});

interface Citation {
  readonly kind: keyof typeof NUMBERED;
  readonly number: number;
}

function unresolved(file: File): readonly string[] {
  return citationsOf(file)
    .filter(({ kind, number }) => !NUMBERED[kind].includes(number))
    .map(({ kind, number }) => `${file.path} cites ${kind} ${number}`);
}

/** "items 6 and 9 to 12, 15" is six of them. A citation may go on in the next line of a comment. */
function citationsOf({ text }: File): readonly Citation[] {
  const line = text.replace(/\n\s*(?:\*|\/\/|#)?\s*/g, ' ');
  const list = /(?<!\d )\b(item|rule)s? (\d+(?:(?:,| to| and| or|, and) \d+)*)/gi;
  return [...line.matchAll(list)].flatMap(([, word = '', numbers = '']) => {
    const kind = word.toLowerCase() as Citation['kind'];
    return numbersOf(numbers).map((number) => ({ kind, number }));
  });
}

function numbersOf(list: string): readonly number[] {
  return list.split(/,? and |,? or |, /).flatMap((part) => {
    const [first = 0, last = first] = part.split(' to ').map(Number);
    return Array.from({ length: last - first + 1 }, (_, at) => first + at);
  });
}

/** The numbers of a document's numbered lists. */
function numbersIn(text: string): readonly number[] {
  return [...text.matchAll(/^(\d+)\. /gm)].map(([, number]) => Number(number));
}

function sectionOf(text: string, heading: string): string {
  return text.split(/^## /m).find((section) => section.startsWith(`${heading}\n`)) ?? '';
}
