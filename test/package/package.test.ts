/**
 * Installs the packed project in another repository, and runs the workflow of docs/guide/ci.md there. Run by
 * `npm run test:package`, not by `npm test`, because it installs from the registry.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { parse } from 'yaml';

jest.setTimeout(300_000);
const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const VIEW = 'view';

let repository = '';

/** Runs a command there, without the project's Node options and `node_modules/.bin`. */
async function command(file: string, args: readonly string[], folder = repository) {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const search = (env['PATH'] ?? '').split(':').filter((each) => !each.startsWith(PROJECT));
  try {
    const options = { cwd: folder, env: { ...env, PATH: search.join(':') }, maxBuffer: 2 ** 26 };
    const { stdout } = await promisify(execFile)(file, args, options);
    return { status: 0, stdout };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { status: code, stdout: `${stdout}${stderr}` };
  }
}
const simulate = (...args: string[]) =>
  command('npx', ['simulate', '--no-out', ...args], path.join(repository, VIEW));

beforeAll(async () => {
  repository = await mkdtemp(path.join(tmpdir(), 'other-repository-'));
  const packed = await command('npm', ['pack', '--pack-destination', repository], PROJECT);
  expect(packed).toMatchObject({ status: 0 });
  await writeFile(path.join(repository, 'package.json'), '{ "name": "other", "private": true }');
  const file = packed.stdout.trim().split('\n').at(-1) ?? '';
  const others = ['typescript', '@types/node', '@aws-sdk/client-dynamodb'];
  const installed = await command('npm', ['install', `./${file}`, ...others]);
  expect(installed).toMatchObject({ status: 0 });
  expect(await command('npx', ['simulate', 'init', VIEW])).toMatchObject({ status: 0 });
});
afterAll(() => rm(repository, { recursive: true, force: true }));

test('the documented workflow passes', async () => {
  const guide = await readFile(path.join(PROJECT, 'docs/guide/ci.md'), 'utf8');
  const lines = /<!-- workflow: other repository -->\s*```yaml\n([\s\S]*?)```/.exec(guide)?.[1];
  const { jobs } = parse(lines ?? '');
  const runs: string[] = jobs.convergence.steps.flatMap(({ run }: { run?: string }) => run ?? []);
  const [install, check = ''] = runs;
  expect([install, runs.length]).toEqual(['npm ci', 2]);
  const ended = await command('sh', ['-c', check]);
  expect(ended).toMatchObject({ status: 0, stdout: expect.stringContaining('CONVERGED') });
});

test('it runs against local servers, and searches', async () => {
  expect(await simulate('--count', '200')).toMatchObject({ status: 0 });
  expect(
    await command(
      'npx',
      ['simulate', 'explore', '--no-out', '--runs', '50'],
      path.join(repository, VIEW),
    ),
  ).toMatchObject({ stdout: expect.stringContaining('50 runs') });
});

test('keeps a report', async () => {
  const run = ['simulate', '--world', 'memory', '--count', '100', '--out', 'kept'];
  expect(await command('npx', run, path.join(repository, VIEW))).toMatchObject({ status: 0 });
  const page = await readFile(path.join(repository, VIEW, 'kept', 'latest', 'report.html'), 'utf8');
  expect(page).toContain('<!doctype html>');
});

test('its types are found', async () => {
  const files = ['workload.mts', 'handler.mts', 'simulate.config.mts'];
  const flags =
    '--noEmit --strict --module nodenext --target es2024 --allowImportingTsExtensions --types node';
  const checked = await command(
    'npx',
    ['tsc', ...flags.split(' '), ...files],
    path.join(repository, VIEW),
  );
  expect(checked).toEqual({ status: 0, stdout: '' });
});

test('a command that needs the project itself is refused in one line', async () => {
  const { status, stdout } = await command('npx', ['simulate', 'mutants', '--no-out']);
  expect([status, stdout.trim().split('\n').length]).toEqual([64, 1]);
});

test('a bug planted in its handler is found', async () => {
  const file = path.join(repository, VIEW, 'handler.mts');
  const right = await readFile(file, 'utf8');
  const wrong = right.replace("ConditionExpression: 'attribute_not_exists(id)',", '');
  expect(wrong).not.toBe(right);
  await writeFile(file, wrong);
  const ended = await simulate('--world', 'memory');
  expect(ended).toMatchObject({ status: 2, stdout: expect.stringContaining('DIVERGED') });
});
