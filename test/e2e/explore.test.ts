/** `simulate explore` and `simulate replay` from end to end, in processes of their own. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, jest, test } from '@jest/globals';

jest.setTimeout(60_000);
const folder = mkdtempSync(path.join(tmpdir(), 'explore-'));
afterAll(() => rmSync(folder, { recursive: true }));

const entry = fileURLToPath(new URL('../../bin/simulate.js', import.meta.url));
const handler = fileURLToPath(new URL('../handlers/first-arrival-wins.ts', import.meta.url));
const simulate = (...words: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [entry, ...words], {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  return { status, stdout, stderr };
};

test("somebody's handler fails, is reduced and saved, and fails again when replayed", () => {
  const words = ['--runs', '40', '--seed', 'e2e', '--faults', 'none', '--handler', handler];
  const explored = simulate('explore', ...words, '--out', folder);
  expect([explored.status, explored.stderr]).toEqual([2, '']);
  expect(explored.stdout).toMatch(/1-minimal: no single reduction fails any more/);
  expect(readdirSync(path.join(folder, 'latest')).sort()).toEqual([
    'counterexample.json',
    'junit.xml',
    'result.json',
  ]);
  const saved = path.join(folder, 'latest', 'counterexample.json');
  const replayed = simulate('replay', saved, '--trace');
  expect(replayed.status).toBe(2);
  expect(replayed.stdout).toMatch(/TransactWriteItems/);
});

test('every schedule of two events is followed, and the folder is where it was asked for', () => {
  const out = path.join(folder, 'exhaustive');
  const { status, stdout } = simulate('explore', '--exhaustive', '--count', '2', '--out', out);
  expect(status).toBe(0);
  expect(stdout).toContain('converged: 61,202 schedules of 15 arrangements, in 3,693 states');
  expect(readdirSync(out)).toContain('latest');
});

test.each([
  [['explore', '--exhaustive', '--seed', 's'], /--seed is of drawn runs/],
  [['explore', '--count', '3'], /--count is of --exhaustive/],
  [['explore', '--keep-gong'], /did you mean --keep-going\?/],
  [['explore', '--time', 'long'], /--time 60s/],
  [['replay', '/nowhere.json'], /can't be read/],
])('%j is answered in one line', (words, message) => {
  const { status, stderr } = simulate(...words);
  expect(status).toBe(64);
  expect(stderr).toMatch(message);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});
