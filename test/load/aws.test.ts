/**
 * Load on a deployed stack: the command as a process, local servers in AWS's place, and our delivery with the
 * shipped handler in Lambda's.
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
import { scanTable } from '../../src/simulator/dynamodb/client/scan.ts';
import { listShards } from '../../src/simulator/stream/kinesis-stream.ts';
import { readShard } from '../../src/simulator/stream/read-shard.ts';
import { winner } from '../../src/simulator/workload/winner/winner.ts';
import { type Deployed, type DeployedServers, startDeployedServers } from '../support/deployed.ts';
import { expectWhole, load } from './command.ts';

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

const NOT_IDEMPOTENT = fileURLToPath(new URL('../handlers/not-idempotent.ts', import.meta.url));

function loadOn(run: string, { stage }: Deployed, ...argv: string[]) {
  const words = [run, '--world', 'aws', '--stage', stage, '--duration', '3s', '--seed', 'S'];
  return load([...words, '--still', '2', '--no-out', ...argv], servers.environment);
}

function rowsOf({ tableName }: Deployed, table: string) {
  return Array.fromAsync(scanTable(servers.dynamoDb, tableName(table)));
}

test('converges beside the rows of another run, says how late the view was, and removes its own rows', async () => {
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
  // What can't be seen is nothing, and not 0.
  expect(figures).not.toHaveProperty('inside');
  expect(first.output).toContain(
    'delivery     batches, retries, conflicts, throttled requests: not seen from here',
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

test('a handler that is wrong has diverged', async () => {
  const deployed = await servers.deploy();
  const mapping = deployed.deliver(NOT_IDEMPOTENT);
  const { status, output } = await loadOn('hot-key', deployed);
  await mapping.stop();
  expect(output).toContain('DIVERGED');
  expect(output).toContain('simulate:');
  expect(status).toBe(2);
});

test('a mapping that is off is unknown, whatever lies on the stream', async () => {
  const deployed = await servers.deploy();
  const { status, output } = await loadOn('smoke', deployed, '--wait', '2');
  expect(output).toMatch(
    /UNKNOWN .*\n {2}- within 2 s \(--wait\) nothing was seen of the last record of shardId-000000000000/,
  );
  expect(output).toMatch(/none measured from put to visible in Scores, by 0 of \d+ probes/);
  // A busy machine is a limit as well, and may come first.
  expect(output).toMatch(/first limit +(behind the stream|this machine): from second \d/);
  expect(status).toBe(3);
});

test('a stream that goes away ends the run, with its producers', async () => {
  const deployed = await servers.deploy();
  const loading = loadOn('smoke', deployed, '--wait', '60');
  const StreamName = deployed.streamName;
  const isPutTo = async () => {
    const [shard] = await listShards(servers.kinesis, StreamName);
    const { records } = await readShard(servers.kinesis, StreamName, shard?.shardId ?? '', {
      type: 'TRIM_HORIZON',
    }).next();
    return records.length > 0;
  };
  while (!(await isPutTo())) await delay(100);
  await servers.kinesis.send(new DeleteStreamCommand({ StreamName }));
  const { status, output } = await loading;
  expect(output).toMatch(/\nload: the stream is gone: .*\n$/);
  expect(status).toBe(69);
});

test('rows that no simulation made are refused before anything is put', async () => {
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
  ['a handler', ['--stage', 'dev', '--handler', NOT_IDEMPOTENT], '--handler means nothing to'],
  ['another world', ['--world', 'memory'], '--world'],
])('refuses %s', async (_, argv, message) => {
  const world = argv.includes('--world') ? [] : ['--world', 'aws'];
  const { status, output } = await load(['smoke', ...world, ...argv], servers.environment);
  expect(output).toContain(message);
  expect(output.split('\n')).toHaveLength(2);
  expect(status).toBe(64);
});
