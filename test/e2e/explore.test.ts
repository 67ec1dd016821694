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

test('a handler from a file fails; the failure is reduced, saved, and fails again when replayed', () => {
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

  const local = simulate('replay', saved, '--world', 'local');
  expect(local.stdout).toMatch(/2 records put, and 2 batches delivered as in memory/);
  expect(local.stdout).toMatch(/\ndiverged in memory\ndiverged in the local world\n/);
  expect([local.status, local.stderr]).toEqual([2, '']);
});

test('a kept counterexample is delivered on real servers, without the bug that workers lack', () => {
  const kept = '../simulator/search/counterexamples/tidied-after-a-lost-answer.json';
  const file = fileURLToPath(new URL(kept, import.meta.url));
  const refused = simulate('replay', file, '--world', 'local');
  expect([refused.status, refused.stderr]).toEqual([
    64,
    expect.stringMatching(/^simulate: .* workers have the shipped handler: add --no-mutant, .*\n$/),
  ]);
  const { status, stdout } = simulate('replay', file, '--world', 'local', '--no-mutant');
  expect(stdout).toMatch(/there they ended: success 2\n/);
  expect([status, stdout]).toEqual([0, expect.stringMatching(/\nconverged in the local world\n/)]);
});

test('every schedule of two events is followed, and the folder is where it was asked for', () => {
  const out = path.join(folder, 'exhaustive');
  const { status, stdout } = simulate('explore', '--exhaustive', '--count', '2', '--out', out);
  expect(status).toBe(0);
  expect(stdout).toContain('converged: 61,202 schedules of 15 arrangements, in 3,693 states');
  expect(readdirSync(out)).toContain('latest');
});

test.each([
  [['explore', '--exhaustive', '--seed', 's'], /--seed and --exhaustive exclude each other/],
  [['explore', '--count', '3'], /--count needs --exhaustive/],
  [['exlpore'], /unknown command "exlpore"; did you mean explore\?/],
  [['explore', '--keep-gong'], /did you mean --keep-going\?/],
  [['explore', '--time', 'long'], /--time 60s/],
  [['replay', '/nowhere.json'], /can't be read/],
])('%j is answered in one line', (words, message) => {
  const { status, stderr } = simulate(...words);
  expect(status).toBe(64);
  expect(stderr).toMatch(message);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});
