/** Runs against a deployed stack: real clients, local servers in AWS's place, our own delivery in Lambda's. */

import { fileURLToPath } from 'node:url';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, jest, test } from '@jest/globals';
import { defaultOptions } from '../../../src/cli/options/run-options.ts';
import { openStack } from '../../../src/ops/stack/open-stack.ts';
import { readTable } from '../../../src/simulator/dynamodb/client/read.ts';
import type { RunOptions } from '../../../src/simulator/model/run-options.ts';
import type { SharedTables } from '../../../src/simulator/model/workload.ts';
import { deliverRemotely } from '../../../src/simulator/run/deliver/remote.ts';
import { run } from '../../../src/simulator/run/run.ts';
import type { WinnerEvent } from '../../../src/simulator/workload/winner/event.ts';
import { winner } from '../../../src/simulator/workload/winner/winner.ts';
import { openWorld } from '../../../src/simulator/worlds/open-world.ts';
import { workloadOfRun } from '../../../src/simulator/worlds/own-rows.ts';
import type { Deployed } from '../../support/deployed-servers.ts';
import { GIVES_UP, useDeployedServers } from '../../support/use-deployed-servers.ts';

jest.setTimeout(60_000);
const servers = useDeployedServers();

const shared = winner.shared as SharedTables<WinnerEvent>;
const NOT_IDEMPOTENT = fileURLToPath(new URL('../../handlers/not-idempotent.ts', import.meta.url));

function simulate(stage: string, changes: Partial<RunOptions> = {}) {
  const shuffled = { seed: 'aws', count: 120, shuffle: true };
  const options: RunOptions = {
    ...defaultOptions(shuffled),
    ...{ world: 'aws', stage, still: 1, wait: 15, garbage: 0.05, ...changes },
  };
  return run({
    workload: workloadOfRun(winner, options),
    options,
    world: openWorld('aws', options, {
      ...{ workload: winner, now: () => performance.now(), pollMs: 50 },
      openStack: () => openStack(stage, process.env),
    }),
    deliver: deliverRemotely,
  });
}

function rowsOf({ tableName }: Deployed, table: string) {
  return Array.fromAsync(readTable(servers().dynamoDb, tableName(table)));
}

test('converges, beside the rows of another run, and removes its own and no others', async () => {
  const deployed = await servers().deploy(3);
  const mapping = deployed.deliver(undefined, { parallelizationFactor: 2 });
  const first = await simulate(deployed.stage, { prefix: 'first', partition: 'random' });
  expect(first).toMatchObject({ verdict: 'converged', failures: [], differences: [] });
  expect(first.figures.quarantined).toBe(6);
  expect(first.figures.remote?.pushedPerSecond).toBeGreaterThan(0);
  expect(first.figures.remote?.sentinelLagMsMax).toBeGreaterThan(0);
  const left = await rowsOf(deployed, 'Events');

  const second = await simulate(deployed.stage, { prefix: 'second', clean: true });
  expect(second).toMatchObject({ verdict: 'converged', failures: [] });
  expect(await rowsOf(deployed, 'Events')).toEqual(left);
  for (const { name } of winner.tables) {
    const rows = await rowsOf(deployed, name);
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.every((row) => shared.markOf(name, row).startsWith('simulate:first'))).toBe(true);
  }

  await expect(simulate(deployed.stage, { prefix: 'first' })).rejects.toMatchObject({
    kind: 'usage',
    message: expect.stringMatching(/holds rows of an earlier run with --prefix first: add --clean/),
  });
  const again = await simulate(deployed.stage, { prefix: 'first', clean: true });
  expect(again.verdict).toBe('converged');
  for (const { name } of winner.tables) expect(await rowsOf(deployed, name)).toEqual([]);
  await mapping.stop();
});

test('a handler that is wrong has diverged, once the tables stand still', async () => {
  const deployed = await servers().deploy();
  const mapping = deployed.deliver(NOT_IDEMPOTENT);
  const result = await simulate(deployed.stage, { garbage: 0 });
  await mapping.stop();
  expect(result).toMatchObject({ verdict: 'diverged' });
  expect(result.differences[0]?.explanation.headline).toContain('simulate:');
});

test('a mapping that is off is unknown, and says where to look', async () => {
  const deployed = await servers().deploy();
  const result = await simulate(deployed.stage, { wait: 1 });
  expect(result.verdict).toBe('unknown');
  expect(result.failures[0]).toEqual({
    kind: 'stalled',
    stall: {
      cause: 'sentinels-missing',
      shardIds: ['shardId-000000000000', 'shardId-000000000001'],
      waitSeconds: 1,
      stackName: expect.stringMatching(/^winner-view-t\w+$/),
    },
  });
});

test('discarded batches are unknown', async () => {
  const deployed = await servers().deploy(1);
  servers().aws.messages.length = 0;
  const mapping = deployed.deliver(GIVES_UP, { retryAttemptsMax: 0, bisectOnFailure: false });
  const result = await simulate(deployed.stage, { garbage: 0 });
  await mapping.stop();
  expect(result.verdict).toBe('unknown');
  expect(result.failures[0]).toEqual({
    kind: 'stalled',
    stall: { cause: 'batches-given-up', batches: expect.any(Number) },
  });
});

test('rows that no simulation made are refused, whichever table they are in', async () => {
  const deployed = await servers().deploy();
  await servers().dynamoDb.send(
    new PutItemCommand({
      TableName: deployed.tableName('Scores'),
      Item: { userId: { S: 'mandy' }, role: { S: 'creator' }, score: { N: '1' } },
    }),
  );
  await expect(simulate(deployed.stage, { clean: true })).rejects.toMatchObject({
    kind: 'usage',
    message: expect.stringMatching(/-Scores holds rows that no simulation made/),
  });
});

describe('a stack that is not fit', () => {
  test.each<[string, object, string, RegExp]>([
    [
      'missing',
      { name: 'x' },
      'usage',
      /^there is no stack winner-view-t\w+ in us-east-1: deploy it with npx/,
    ],
    [
      'failed',
      { status: 'ROLLBACK_COMPLETE' },
      'unavailable',
      /is ROLLBACK_COMPLETE: repair it first/,
    ],
    [
      'under way',
      { status: 'UPDATE_IN_PROGRESS' },
      'unavailable',
      /is UPDATE_IN_PROGRESS: wait until/,
    ],
    [
      'of another template',
      { outputs: {} },
      'unavailable',
      /has no output StreamName: it was deployed from/,
    ],
    [
      'denied',
      { refusal: ['AccessDenied', 'User: x is not authorized'] },
      'unavailable',
      /^CloudFormation denies access/,
    ],
    [
      'expired',
      { refusal: ['ExpiredToken', 'The security token is expired'] },
      'unavailable',
      /^the AWS credentials have expired/,
    ],
    [
      'unknown key',
      { refusal: ['InvalidClientTokenId', 'invalid'] },
      'unavailable',
      /^CloudFormation doesn't know these AWS credentials/,
    ],
  ])('%s', async (_, changes, kind, message) => {
    const { stage } = await servers().deploy();
    servers().aws.stack = { ...servers().aws.stack, ...changes };
    await expect(simulate(stage)).rejects.toMatchObject({
      kind,
      message: expect.stringMatching(message),
    });
  });
});
