import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { unmarshalItem } from '../../../../src/simulator/dynamodb/client/unmarshal.ts';

function number(N: string): unknown {
  return unmarshalItem({ value: { N } })['value'];
}

test('a number that JavaScript holds exactly is a number, however it is written', () => {
  expect(['0', '5', '5.0', '2.50', '-1', '9007199254740991', '1E-130'].map(number)).toEqual([
    0,
    5,
    5,
    2.5,
    -1,
    Number.MAX_SAFE_INTEGER,
    1e-130,
  ]);
  fc.assert(
    fc.property(fc.maxSafeInteger(), (integer) => {
      expect(number(String(integer))).toBe(Number(String(integer)));
    }),
  );
});

test.each([
  '1.00000000000000000000001',
  '9007199254740993',
  '0.30000000000000000001',
  '12345678901234567.5',
])('%s is not a number of JavaScript, and stays a string', (text) => {
  expect(number(text)).toBe(text);
});

test('all other types, and attributes of any name', () => {
  const item = JSON.parse(
    '{"__proto__": {"S": "kept"}, "nested": {"M": {"list": {"L": [{"NULL": true}]}}}}',
  );
  const row = unmarshalItem(item);
  expect(Object.getOwnPropertyDescriptor(row, '__proto__')?.value).toBe('kept');
  expect(row['nested']).toEqual({ list: [null] });
  expect(unmarshalItem({ n: { NS: ['1', '2'] }, s: { SS: ['a'] }, b: { BOOL: false } })).toEqual({
    n: new Set([1, 2]),
    s: new Set(['a']),
    b: false,
  });
});

test('any stored item has a row', () => {
  const item = JSON.parse(`{
    "__proto__": {"S": "own"}, "n": {"N": "-1.5"}, "big": {"N": "123456789012345678901"},
    "l": {"L": [{"BOOL": false}, {"NULL": true}]}, "m": {"M": {"__proto__": {"N": "1"}}},
    "s": {"SS": ["a"]}
  }`);
  const row = unmarshalItem(item);
  expect(Object.keys(row)).toContain('__proto__');
  expect(row).toMatchObject({ n: -1.5, big: '123456789012345678901', l: [false, null] });
  expect(row['s']).toEqual(new Set(['a']));
});
