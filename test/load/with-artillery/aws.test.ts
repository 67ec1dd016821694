/**
 * Load on a deployed stack: the command as a process, with local servers in place of AWS, and our delivery to the
 * shipped handler in place of Lambda.
 */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { DeleteStreamCommand } from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { readTable } from '../../../src/simulator/dynamodb/client/read.ts';
import { winner } from '../../../src/simulator/workload/winner/winner.ts';
import {
  type Deployed,
  type DeployedServers,
  startDeployedServers,
} from '../../support/deployed-servers.ts';
import { expectWhole, load } from '../load-command.ts';
import { recordsOnStream } from '../records-on-stream.ts';

jest.setTimeout(90_000);
let servers: DeployedServers;
let folder: string;
beforeAll(async () => {
  servers = await startDeployedServers();
  folder = await mkdtemp(path.join(tmpdir(), 'winner-view-load-aws-'));
});
afterAll(async () => {
  await servers.stop();
  await rm(folder, { recursive: true, force: true });
});

const NOT_IDEMPOTENT = fileURLToPath(new URL('../../handlers/not-idempotent.ts', import.meta.url));

function loadOn(run: string, { stage }: Deployed, ...argv: string[]) {
  const flags = [run, '--world', 'aws', '--stage', stage, '--duration', '3s', '--seed', 'S'];
  return load([...flags, '--still', '2', '--no-out', ...argv], servers.environment);
}

function rowsOf({ tableName }: Deployed, table: string) {
  return Array.fromAsync(readTable(servers.dynamoDb, tableName(table)));
}

test('converges beside the rows of another run, measures the lag, and removes its own rows', async () => {
  const deployed = await servers.deploy(3);
  const mapping = deployed.deliver();
  const json = path.join(folder, 'figures.json');
  const first = await loadOn('smoke', deployed, '--prefix', 'first', '--json', json);
  expect(first.output).toContain('CONVERGED');
  expect(first.status).toBe(0);
  const left = await rowsOf(deployed, 'Events');
  expect(left.length).toBeGreaterThan(100);
  expect(left.every(({ productId }) => String(productId).startsWith('simulate:first:'))).toBe(true);

  const figures = JSON.parse(readFileSync(json, 'utf8'));
  expectWhole(figures);
  // What can't be observed is absent, not 0.
  expect(figures).not.toHaveProperty('inside');
  expect(first.output).toContain(
    'delivery     batches, retries, conflicts, throttled requests: not observable from here',
  );

  const again = await loadOn('smoke', deployed, '--prefix', 'first');
  expect(again).toMatchObject({
    status: 64,
    output: expect.stringMatching(/holds rows of an earlier run with --prefix first: add --clean/),
  });
  const second = await loadOn('hot-key', deployed, '--prefix', 'second', '--clean');
  expect(second.output).toContain('CONVERGED');
  expect(await rowsOf(deployed, 'Events')).toEqual(left);
  await mapping.stop();
});

test('a wrong handler diverges', async () => {
  const deployed = await servers.deploy();
  const mapping = deployed.deliver(NOT_IDEMPOTENT);
  const { status, output } = await loadOn('hot-key', deployed);
  await mapping.stop();
  expect(output).toContain('DIVERGED');
  expect(output).toContain('simulate:');
  expect(status).toBe(2);
});

test('a disabled mapping makes the run unknown', async () => {
  const deployed = await servers.deploy();
  const { status, output } = await loadOn('smoke', deployed, '--wait', '2');
  expect(output).toMatch(
    /UNKNOWN .*\n {2}- the last record of shardId-000000000000.* was not applied within 2 s \(--wait\)/,
  );
  expect(output).toMatch(/none measured from put to visible in Scores, by 0 of \d+ probes/);
  // A busy machine may be the first limit instead.
  expect(output).toMatch(/first limit +(behind the stream|this machine): from second \d/);
  expect(status).toBe(3);
});

test('a deleted stream ends the run and its producers', async () => {
  const deployed = await servers.deploy();
  const loading = loadOn('smoke', deployed, '--wait', '60');
  const StreamName = deployed.streamName;
  while ((await recordsOnStream(servers.kinesis, StreamName)).length === 0) await delay(100);
  await servers.kinesis.send(new DeleteStreamCommand({ StreamName }));
  const { status, output } = await loading;
  expect(output).toMatch(/\nload: the stream is gone: .*\n$/);
  expect(status).toBe(69);
});

test('tables with rows that no simulation made are refused before anything is put', async () => {
  const deployed = await servers.deploy();
  const Item = { userId: { S: 'mandy' }, role: { S: 'creator' }, score: { N: '1' } };
  const TableName = deployed.tableName('Scores');
  await servers.dynamoDb.send(new PutItemCommand({ TableName, Item }));
  const { status, output } = await loadOn('smoke', deployed);
  expect(output).toMatch(/\nload: the table \S+-Scores holds rows that no simulation made/);
  expect(status).toBe(64);
  for (const { name } of winner.tables.filter((table) => table.name !== 'Scores')) {
    expect(await rowsOf(deployed, name)).toEqual([]);
  }
});

test.each<[string, string[], string]>([
  ['no stage', [], '--world aws takes the stage of a deployed stack: --world aws --stage dev'],
  ['production', ['--stage', 'eu-prod'], 'the stage eu-prod is production by its name'],
  [
    'a handler',
    ['--stage', 'dev', '--handler', NOT_IDEMPOTENT],
    '--handler has no effect with --world aws',
  ],
  ['another world', ['--world', 'memory'], '--world'],
])('refuses %s', async (_, argv, message) => {
  const world = argv.includes('--world') ? [] : ['--world', 'aws'];
  const { status, output } = await load(['smoke', ...world, ...argv], servers.environment);
  expect(output).toContain(message);
  expect(output.split('\n')).toHaveLength(2);
  expect(status).toBe(64);
});
