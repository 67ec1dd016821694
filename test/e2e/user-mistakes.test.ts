/** What goes wrong in a user's modules and on the user's disk is one line that names it, and no bug of the simulator. */
import { spawnSync } from 'node:child_process';
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { type Ended, simulate, start } from './simulate.ts';

jest.setTimeout(60_000);
const folder = mkdtempSync(path.join(tmpdir(), 'mistakes-'));
afterAll(() => rmSync(folder, { recursive: true }));

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const MEMORY = ['--world', 'memory', '--count', '10', '--seed', 'e2e'];

/** The lines on stderr but for those of the stages. */
function complaints({ stderr }: Ended): string[] {
  return stderr.split('\n').filter((line) => line !== '' && !/^ +[\d.]+ s {2}\w/.test(line));
}

describe('a handler that is mistyped', () => {
  const out = path.join(folder, 'runs');
  const left = () => [...readdirSync(out), readlinkSync(path.join(out, 'latest'))];
  beforeAll(async () => {
    expect(await simulate(...MEMORY, '--out', out)).toMatchObject({ status: 0 });
  });

  test.each([
    ['no-handler', ['--count', '10']],
    ['no-handler', MEMORY],
    ['throws-at-import', MEMORY],
    ['throws-at-import', ['explore', '--runs', '5']],
  ])('%s leaves no folder, and does not move latest: %j', async (name, argv) => {
    const before = left();
    const ended = await simulate(...argv, '--handler', here(`handlers/${name}.ts`), '--out', out);
    expect(ended.status).toBe(64);
    expect(complaints(ended)).toEqual([expect.stringContaining(`handlers/${name}.ts`)]);
    expect(left()).toEqual(before);
  });
});

describe('a workload', () => {
  const files = [
    '--workload',
    here('workloads/throws.ts'),
    '--handler',
    here('handlers/acknowledges.ts'),
  ];
  const run = (name: string, ...argv: string[]) =>
    start([...argv, ...files], { env: { THROWS: name } }).ended;

  test.each(['entities', 'generate', 'encode', 'reference', 'checkpointed'])(
    'whose %s throws is one line with its file and place: 64',
    async (name) => {
      const ended = await run(name, ...MEMORY, '--invariants');
      expect(ended.status).toBe(64);
      expect(complaints(ended)).toEqual([
        expect.stringMatching(
          new RegExp(
            `^simulate: --workload .*throws\\.ts: ${name} threw RangeError: no ${name} today \\(throws`,
          ),
        ),
      ]);
    },
  );

  test('also in a search', async () => {
    const ended = await run('reference', 'explore', '--runs', '5', '--no-out');
    expect(ended.status).toBe(64);
    expect(complaints(ended)).toEqual([expect.stringMatching(/throws\.ts: reference threw /)]);
  });
});

describe('a file that can not be written', () => {
  const summary = (file: string, ...argv: string[]) =>
    start([...MEMORY, '--no-out', ...argv], { env: { GITHUB_STEP_SUMMARY: file } }).ended;

  test('is one line before the run: 64', async () => {
    const ended = await summary('/nowhere/summary.md', '--reporter', 'github');
    expect(ended).toMatchObject({ status: 64, stdout: '' });
    expect(ended.stderr).toMatch(
      /^simulate: GITHUB_STEP_SUMMARY: ENOENT: .*\/nowhere\/summary\.md'\n$/,
    );
    const other = await simulate(...MEMORY, '--no-out', '--reporter', 'junit=/nowhere/junit.xml');
    expect(other).toMatchObject({ status: 64, stdout: '' });
    expect(other.stderr).toMatch(
      /^simulate: --reporter junit: ENOENT: .*\/nowhere\/junit\.xml'\n$/,
    );
  });

  test('for a full disk is one line after the verdict, and no pass: 69', async () => {
    const ended = await summary(
      '/dev/full',
      '--reporter',
      'github',
      '--reporter',
      'json=/dev/full',
    );
    expect(ended.status).toBe(69);
    expect(ended.stdout).toContain('CONVERGED');
    expect(complaints(ended)).toEqual([
      expect.stringMatching(/^simulate: \/dev\/full can't be written: ENOSPC/),
      expect.stringMatching(/^simulate: \/dev\/full can't be written: ENOSPC/),
    ]);
  });

  test('in the folder of the run leaves the others', () => {
    const command = fileURLToPath(new URL('../../bin/simulate.js', import.meta.url));
    const out = path.join(folder, 'full');
    // The largest file, in blocks of 1,024 bytes.
    const line = `ulimit -f 64; exec "$0" "$1" --world memory --count 500 --seed e2e --out "$2"`;
    const { NODE_OPTIONS: _ours, ...env } = process.env;
    const argv = ['-c', line, process.execPath, command, out];
    const { status, stdout, stderr } = spawnSync('bash', argv, { encoding: 'utf8', env });
    expect(stdout).toContain('CONVERGED');
    expect(stderr).toMatch(/\nsimulate: \/\S+ is incomplete: .* can't be written: EFBIG[^\n]*\n$/);
    expect(status).toBe(69);
    expect(readdirSync(path.join(out, 'latest'))).toContain('result.json');
  });
});

test('two reporters at once, one of them into a file', async () => {
  const file = path.join(folder, 'junit.xml');
  const ended = await simulate(...MEMORY, '--no-out', '--json', '--reporter', `junit=${file}`);
  expect(ended.status).toBe(0);
  expect(JSON.parse(ended.stdout)).toMatchObject({ verdict: 'converged' });
  expect(readFileSync(file, 'utf8')).toMatch(/^<\?xml/);
});

test.each([
  ['no JSON at all', '{', /is not valid JSON/],
  ['an event that is cut', undefined, /events\.0: productId: /],
])('a counterexample with %s is one line: 64', async (_, text, message) => {
  const kept = here('../simulator/search/counterexamples/tidied-after-a-lost-answer.json');
  const damaged = JSON.parse(readFileSync(kept, 'utf8'));
  damaged.events[0].productId = '';
  const file = path.join(folder, 'counterexample.json');
  writeFileSync(file, text ?? JSON.stringify(damaged));
  const { status, stderr } = await simulate('replay', file, '--no-mutant');
  expect(status).toBe(64);
  expect(stderr).toMatch(message);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});

test('faults that are all 0 demand no situation of a search', async () => {
  const file = path.join(folder, 'faults.json');
  const { faultProfile } = JSON.parse(
    (await simulate(...MEMORY, '--faults', 'heavy', '--json')).stdout,
  ).options;
  const none = Object.keys(faultProfile.ratios).map((name) => [name, 0]);
  writeFileSync(file, JSON.stringify(Object.fromEntries(none)));
  const { status, stdout } = await simulate(
    'explore',
    '--runs',
    '20',
    '--faults',
    file,
    '--no-out',
  );
  expect([status, stdout]).toEqual([0, expect.stringContaining('converged: 20 runs')]);
});
