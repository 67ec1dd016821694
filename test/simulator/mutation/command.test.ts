/** The command, in a process of its own, because modules that Jest loads have no hooks. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, jest, test } from '@jest/globals';

jest.setTimeout(120_000);
const BIN = fileURLToPath(new URL('../../../bin/simulate.js', import.meta.url));
const out = mkdtempSync(path.join(tmpdir(), 'mutants-'));
afterAll(() => rmSync(out, { recursive: true }));

function simulate(...words: string[]) {
  return spawnSync(process.execPath, [BIN, ...words], { encoding: 'utf8', cwd: out });
}

test.each([
  ['first-arrival-wins', 'invariant|divergence'],
  ['malformed-fails-its-batch', 'liveness'],
  ['deadline-ignored', 'time-out'],
  ['timer-not-cancelled', 'cost'],
])('%s is caught, and its counterexample fails with it and not without', (name, checks) => {
  const { status, stdout, stderr } = simulate(
    'mutants',
    '--only',
    name,
    '--time',
    '6s',
    '--out',
    out,
  );
  expect(stderr).toBe('');
  expect(stdout).toMatch(new RegExp(`${name} +(${checks}) `));
  expect(stdout).toMatch(/the shipped handler +not caught/);
  expect(stdout).toContain('1 of 1 caught');
  expect(status).toBe(0);
  const file = path.join(out, 'latest', 'mutants', `${name}.json`);
  expect(simulate('replay', file, '--mutant', name).status).toBe(2);
  // The file contains the name of its mutant.
  expect(simulate('replay', file).status).toBe(2);
  expect(simulate('replay', file, '--no-mutant').status).toBe(0);
});

test('a survivor makes the command exit with 2', () => {
  const { status, stdout } = simulate(
    'mutants',
    '--only',
    'pending-dropped',
    '--time',
    '1ms',
    '--json',
  );
  const { mutants, failures } = JSON.parse(stdout);
  expect(mutants).toHaveLength(2);
  expect(failures).toEqual([{ kind: 'mutant-survived', mutant: 'pending-dropped' }]);
  expect(status).toBe(2);
});

test('an unknown mutant is a usage error', () => {
  const { status, stderr } = simulate('mutants', '--only', 'pending-droped');
  expect(stderr).toMatch(/^simulate: there is no mutant "pending-droped", only .*\n$/);
  expect(status).toBe(64);
});
