import { describe, expect, test } from '@jest/globals';
import { emptyRooms, gameWordsHaveRooms } from './game-words.ts';
import { readSources } from './source.ts';

const SOURCES = readSources();

test('words of the game stay in the rooms of the shipped view', () => {
  expect(gameWordsHaveRooms(SOURCES)).toEqual([]);
});

test('every room needs its permission', () => {
  expect(emptyRooms(SOURCES)).toEqual([]);
  expect(emptyRooms([])).toHaveLength(4);
});

describe('a word of the game in another room is found', () => {
  const planted = (line: string, path = 'src/simulator/search/draw.ts') =>
    gameWordsHaveRooms([{ path, text: `\n${line}` }]);

  test.each([
    ["const key = row['productId'];", 'product'],
    ['// Sorted by score.', 'score'],
    ['function registeredUsers() {}', 'User'],
    ["const names = ['role', 'record'];", 'role'],
    ['/** Two purchases of one thing. */', 'purchas'],
    ['`$' + '{stage}-Contributions`', 'Contribut'],
    ['const creatorEventId = 1;', 'creator'],
  ])('%s', (line, word) => {
    expect(planted(line)).toEqual([`src/simulator/search/draw.ts:2 says ${word}: ${line}`]);
    expect(planted(line, 'src/simulator/workload/winner/draw.ts')).toEqual([]);
    expect(planted(line, 'test/simulator/search/draw.test.ts')).toEqual([]);
  });

  test.each([
    "import { production } from './production.ts';",
    "const ROLE_ARN = 'arn:aws:iam::0:role/x'; const roleArn = ROLE_ARN;",
    '<div role="img"></div>',
    '/** The IAM role; letters and underscores; 3 virtual users, `virtualUsers`. */',
    'const RESERVED = "USER USERS ROLE ROLES";',
  ])('but not %s', (line) => {
    expect(planted(line)).toEqual([]);
  });
});
