/** `explain` and `leaderboard` as processes, on a stored run and on live tables. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { startDeployedServers } from '../support/deployed-servers.ts';
import { simulate, start } from './simulate.ts';

jest.setTimeout(60_000);
const out = mkdtempSync(path.join(tmpdir(), 'explain-'));
const run = path.join(out, 'game', 'latest');
const example = (file: string) =>
  fileURLToPath(new URL(`../../examples/account-balances/${file}`, import.meta.url));
const BAD = fileURLToPath(new URL('../handlers/first-arrival-wins.ts', import.meta.url));
const small = ['--world', 'memory', '--shuffle', '--seed', 'readme'];

beforeAll(async () => {
  const [game, balances] = await Promise.all([
    simulate(...small, '--count', '300', '--handler', BAD, '--out', path.join(out, 'game')),
    simulate(
      ...['--workload', example('workload.ts'), '--handler', example('handler.ts')],
      ...[...small, '--count', '20', '--out', path.join(out, 'balances')],
    ),
  ]);
  expect([game.status, balances.status]).toEqual([2, 0]);
});
afterAll(() => rmSync(out, { recursive: true }));

test('a product of a stored run: who holds it, what each event means, and how the run differed', async () => {
  const { status, stdout } = await simulate('explain', '3618308', '--run', run);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^creator: .*Mandy Rippin, since/m);
  expect(stdout).toMatch(/the least event id of 3 product\/create/);
  expect(stdout).toMatch(/^the run's Contributions differed: /m);
  expect(stdout).toMatch(/^ +1 +product\/create .*creator from here on$/m);
  expect(stdout).not.toContain('\u001b');
});

test('the leader of the leaderboard has that score when asked for', async () => {
  const board = await simulate('leaderboard', '--run', run);
  const [, score = '', who = ''] = /^ +1 +(\d+) +(.*)$/m.exec(board.stdout) ?? [];
  const { stdout } = await simulate('explain', who, '--run', run);
  expect(stdout).toMatch(new RegExp(`^score as creator: ${score}, from \\d+ of`, 'm'));
});

test('another workload has subjects and origins, and no leaderboard', async () => {
  const balances = path.join(out, 'balances', 'latest');
  const told = await simulate('explain', 'subject=account-0', '--run', balances);
  expect(told).toMatchObject({ status: 0 });
  expect(told.stdout).toMatch(/^Balances: account account-0, balance -?\d+$/m);
  expect(told.stdout).toMatch(/transfer of \d+ to account-1$/m);
  const other = await simulate('explain', 'product=account-0', '--run', balances);
  expect(other.stderr).toContain('simulate: there is no subject or origin "product=account-0" in ');
  expect(await simulate('leaderboard', '--run', balances)).toMatchObject({
    status: 64,
    stderr: 'simulate: the workload account-balances has no leaderboard\n',
  });
});

test.each([
  [['explain'], 'an argument is missing: npx simulate explain ID [options]'],
  [['explain', '1', '2'], 'unknown argument "2"'],
  [['explain', '3618309', '--run', run], 'there is no product or user "3618309" in '],
  [['explain', 'user=3618308', '--run', run], 'there is no user "3618308" in '],
  [['explain', 'mandy', '--run', run], '/Mandy Rippin"?'],
  [['explain', '1', '--run', run, '--stage', 'dev'], '--run and --stage exclude'],
  [['leaderboard', '--run', 'none'], 'there is no run "none": name the folder of one'],
  [['leaderboard', '--stagee', 'x'], 'unknown flag --stagee; did you mean --stage?'],
])('%j is answered in one line', async (words, line) => {
  const { status, stderr } = await simulate(...words);
  expect(status).toBe(64);
  expect(stderr).toContain(line);
  expect(stderr.trimEnd().split('\n').length).toBe(1);
});

test('live tables say the same as the run that filled them', async () => {
  const servers = await startDeployedServers();
  try {
    const deployed = await servers.deploy();
    const mapping = deployed.deliver();
    const live = (...words: string[]) => start(words, { env: servers.environment }).ended;
    const at = ['--stage', deployed.stage];
    const filled = path.join(out, 'live');
    const pushed = await live(
      ...['--world', 'aws', ...at, '--seed', 'e2e', '--shuffle', '--count', '100'],
      ...['--wait', '60', '--out', filled],
    );
    expect(pushed).toMatchObject({ status: 0 });
    await mapping.stop();

    const kept = ['--run', path.join(filled, 'latest')];
    const board = await live('leaderboard', ...at);
    expect(board).toMatchObject({ status: 0, stdout: expect.stringContaining('1 ') });
    const ofRun = (await live('leaderboard', ...kept)).stdout;
    // But for the first line, which says whose numbers they are.
    const [rest, restOfRun] = [board.stdout, ofRun].map((text) => text.split('\n').slice(1));
    expect(rest).toEqual(restOfRun);

    const [, score = '', who = ''] = /^ +1 +(\d+) +(.*)$/m.exec(board.stdout) ?? [];
    const user = await live('explain', `user=${who}`, ...at);
    expect(user.stdout).toMatch(new RegExp(`^score as creator: ${score}, from`, 'm'));
    expect(user.stdout).toMatch(new RegExp(`^Scores has: creator ${score}, photographer`, 'm'));

    const { Items = [] } = await servers.dynamoDb.send(
      new ScanCommand({ TableName: deployed.tableName('Events'), Limit: 1 }),
    );
    const productId = Items[0]?.['productId']?.S ?? '';
    const facts = async (...from: string[]) =>
      (await live('explain', productId, ...from)).stdout.match(/^purchases: .*/m)?.[0];
    expect(await facts(...at)).toMatch(/^purchases: \d+, of which/);
    expect(await facts(...at)).toBe(await facts(...kept));

    expect(await live('explain', 'product=none', ...at)).toMatchObject({
      status: 64,
      stderr: expect.stringContaining('there is no product "none" in winner-view-'),
    });
  } finally {
    await servers.stop();
  }
});
