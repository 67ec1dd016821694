/**
 * The example in `examples/`, as its first lines say it is run; and in the other world, and
 * searched.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, jest, test } from '@jest/globals';
import { simulate } from '../e2e/simulate.ts';

jest.setTimeout(60_000);
const folder = mkdtempSync(path.join(tmpdir(), 'example-'));
afterAll(() => rmSync(folder, { recursive: true }));
const EXAMPLE = 'examples/account-balances';
const WORKLOAD = ['--workload', `${EXAMPLE}/workload.ts`];

describe.each(['local', 'memory'])('in the %s world', (world) => {
  const run = (handler: string) =>
    simulate(
      ...WORKLOAD,
      '--handler',
      `${EXAMPLE}/${handler}.ts`,
      '--shuffle',
      '--count',
      '300',
      '--seed',
      'example',
      '--world',
      world,
    );

  test('the right handler converges', async () => {
    expect(await run('handler')).toMatchObject({ status: 0 });
  });

  test('the wrong one diverges, and the accounts that are off are named with their transfers', async () => {
    const { status, stdout } = await run('adds-twice');
    expect(status).toBe(2);
    expect(stdout).toMatch(/Balances account-\d differs from the reference/);
    expect(stdout).toMatch(/transfer of \d+ to account-\d/);
  });
});

test('a search finds the mistake in a few events, and traces the rows by their keys', async () => {
  const { status, stdout } = await simulate(
    'explore',
    ...WORKLOAD,
    '--handler',
    `${EXAMPLE}/adds-twice.ts`,
    '--runs',
    '200',
    '--jobs',
    '1',
    '--seed',
    'example',
    '--out',
    folder,
  );
  expect(status).toBe(2);
  expect(stdout).toContain('1-minimal');
  expect(stdout).toMatch(/UpdateItem +Balances account-\d$/m);
  expect(stdout).toMatch(/stored +Balances account-\d: balance -?\d+ → -?\d+ .*◄ first divergence/);
});
