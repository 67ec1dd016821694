/**
 * A schedule that the exhaustive search finds is saved to a file, which `replay` repeats step by
 * step.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, jest, test } from '@jest/globals';
import {
  formatSchedule,
  parseSchedule,
} from '../../../src/simulator/search/exhaustive/schedule-file.ts';
import { named } from './named.ts';

jest.setTimeout(120_000);
const BIN = fileURLToPath(new URL('../../../bin/simulate.js', import.meta.url));
const out = mkdtempSync(path.join(tmpdir(), 'schedule-'));
const file = path.join(out, 'latest', 'counterexample.json');
afterAll(() => rmSync(out, { recursive: true }));

// Bugs are planted with module hooks, which Jest's modules ignore: the command runs in its own
// process.
function simulate(...words: string[]) {
  return spawnSync(process.execPath, [BIN, ...words], { encoding: 'utf8', cwd: out });
}

test.each([
  ['transfer-without-turn', '4', /the score of creator bob is 1 off/],
  // Seen in the tables at the end.
  ['recount-postponed', '3', /Scores bob creator: expected .*"score":1.*, got no row/],
])('%s: found, saved, and repeated with the bug and without', (mutant, count, reason) => {
  const words = ['explore', '--exhaustive', '--count', count, '--mutant', mutant, '--out', out];
  const found = simulate(...words);
  expect([found.status, found.stderr]).toEqual([2, '']);
  expect(found.stdout).toMatch(reason);
  expect(found.stdout).toMatch(/saved: npx simulate replay .*counterexample\.json --trace/);

  const again = simulate('replay', file, '--trace');
  expect(again.status).toBe(2);
  // Exactly the steps that were printed when it was found.
  const steps = (text: string) =>
    text.split('\n').filter((line) => /^ +(\d+ +#|stored)/.test(line));
  expect(steps(again.stdout).length).toBeGreaterThan(5);
  expect(steps(again.stdout)).toEqual(steps(found.stdout));
  expect(again.stdout).not.toMatch(/something else/);

  const mended = simulate('replay', file, '--no-mutant');
  expect([mended.status, mended.stdout.trimEnd().split('\n').at(-1)]).toEqual([0, 'converged']);

  const local = simulate('replay', file, '--no-mutant', '--world', 'local');
  expect([local.status, local.stderr]).toEqual([
    64,
    expect.stringMatching(/^simulate: .* takes --world memory: .*\n$/),
  ]);
});

test('a handler that uses tokens is refused in one line', () => {
  const words = ['--exhaustive', '--mutant', 'token-for-everything', '--no-out'];
  const { status, stderr } = simulate('explore', ...words);
  expect([status, stderr]).toEqual([64, expect.stringMatching(/^simulate: .* token, .*\n$/)]);
});

test('a bug is planted for the exhaustive search only', () => {
  const { status, stderr } = simulate('explore', '--mutant', 'token-for-everything');
  expect([status, stderr]).toEqual([
    64,
    'simulate: --mutant needs --exhaustive: add --exhaustive\n',
  ]);
});

const saved = {
  workload: 'winner',
  events: named(2),
  arrangement: [[0], [1]],
  choices: [{ invocation: 1, waiting: 0, kind: 'dies after', operation: 'UpdateItem' } as const],
};

test('to text and back', () => {
  const text = formatSchedule(saved, 'some-mutant');
  expect(parseSchedule(text, 'it')).toMatchObject(saved);
  expect(JSON.parse(text)).toMatchObject({ kind: 'schedule', mutant: 'some-mutant' });
});

test.each([
  ['{', /is not valid JSON/],
  [JSON.stringify({ ...saved, kind: 'schedule', version: 9 }), /a schedule of version 9/],
  [JSON.stringify({ ...saved, kind: 'schedule', version: 1, choices: [{}] }), /choices\.0/],
  [formatSchedule({ ...saved, arrangement: [[5]] }), /event 5, which does not exist/],
])('%s is refused in one line', (text, message) => {
  expect(() => parseSchedule(text, 'it')).toThrow(message);
});

test('the kept file has the present version', () => {
  const { kind, version, choices } = JSON.parse(readFileSync(file, 'utf8'));
  expect({ kind, version }).toEqual({ kind: 'schedule', version: 1 });
  expect(choices[0]).toEqual({
    invocation: 0,
    waiting: 0,
    kind: 'goes',
    operation: 'BatchGetItem',
  });
});
