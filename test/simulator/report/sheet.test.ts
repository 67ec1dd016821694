import { expect, test } from '@jest/globals';
import { formatLeaderboard, formatSheet } from '../../../src/simulator/report/sheet.ts';

const plain = { colour: false, width: 80 };
const ESCAPE = '\u001b';

test('columns line up, long ids are shortened, and no line is wider than the terminal', () => {
  const id = (at: number) => `${'x'.repeat(60)}${at}`;
  const text = formatSheet(
    {
      title: 'product p',
      facts: [`creator: ${id(1)}, since e: ${'because '.repeat(20)}`],
      columns: ['event', 'who', 'what it means'],
      rows: [1, 2].map((at) => ({ cells: [`e${at}`, id(at), 'counts for none: '.repeat(4)] })),
    },
    plain,
  );
  const lines = text.split('\n');
  expect(lines.every((line) => line.length <= 80)).toBe(true);
  const column = lines.find((line) => line.includes('what it means'))?.indexOf('what');
  const starts = lines.filter((line) => /^ +e\d/.test(line)).map((line) => line.indexOf('counts'));
  expect(starts).toEqual([column, column]);
  expect(text).not.toContain(ESCAPE);
});

test('of many rows those that matter stay, in their order, and the others are counted', () => {
  const rows = Array.from({ length: 300 }, (_, at) => ({
    cells: [`event${at}`, 'text'],
    ...(at === 299 ? { isKey: true as const } : {}),
  }));
  const text = formatSheet({ title: 't', facts: [], columns: ['event', 'what'], rows }, plain);
  expect(text.match(/event\d+/g)?.length).toBe(100);
  expect(text).toContain('event299');
  expect(text).toContain('… and 200 more');
});

test('foreign texts can do nothing to a terminal', () => {
  const bad = `${ESCAPE}[2J\u202e`;
  const sheet = { title: bad, facts: [bad], columns: ['a', 'b'], rows: [{ cells: [bad, bad] }] };
  const board = { title: 'Winners', measure: bad, places: [{ name: bad, value: 1 }] };
  for (const text of [formatSheet(sheet, plain), formatLeaderboard(board, plain)]) {
    expect(text).not.toContain(ESCAPE);
    expect(text).not.toContain('\u202e');
  }
});

test('equals share a place; colour only where it is wanted', () => {
  const board = {
    title: 'Winners',
    measure: 'points',
    places: [9, 5, 5, 1].map((value, at) => ({ name: `u${at}`, value })),
  };
  const text = formatLeaderboard(board, plain);
  expect(text.match(/^ +\d.*u\d$/gm)?.map((line) => line.trim().split(/ +/)[0])).toEqual([
    ...['1', '2', '2', '4'],
  ]);
  expect(text.split('\n')[1]?.trim()).toMatch(/^points +who$/);
  expect(text).not.toContain(ESCAPE);
  expect(formatLeaderboard(board, { ...plain, colour: true })).toContain(ESCAPE);
  expect(formatLeaderboard({ ...board, places: [] }, plain)).toBe('Winners\n  none\n');
});
