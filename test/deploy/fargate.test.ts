/**
 * `artillery run-fargate` with the folder of `npm run load -- bundle`, against moto, up to the launch of containers, which
 * moto does not run. What a worker does is tested in test/load/with-artillery/bundle.test.ts.
 */
import { readFileSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { killGuarded, spawnGuarded } from '../../src/simulator/servers/guard.ts';
import { readTableDefinitions } from '../../src/simulator/stack-template.ts';
import { winner } from '../../src/simulator/workload/winner/winner.ts';
import { load } from '../load/load-command.ts';
import type { Json } from '../support/package-stack.ts';
import { type Account, accountAt } from './account.ts';
import { type Moto, startMoto } from './moto.ts';
import { installPythonTools } from './python-tools.ts';

jest.setTimeout(600_000);
const ARTILLERY = fileURLToPath(
  new URL('../../load/artillery/node_modules/artillery/bin/run', import.meta.url),
);
const BUCKET = 'artilleryio-test-data-123456789012';
const ENGINE = 'artillery-engine-kinesis';
let moto: Moto;
let account: Account;
let folder: string;

beforeAll(async () => {
  const { motoServer } = await installPythonTools();
  moto = await startMoto(motoServer);
  account = accountAt(moto.endpoint);
  folder = await mkdtemp(path.join(tmpdir(), 'winner-view-fargate-'));
  await account.cloudFormation.send(
    new CreateStackCommand({
      StackName: 'winner-view-sim',
      TemplateBody: JSON.stringify(template()),
    }),
  );
});
afterAll(async () => {
  await moto.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The resources that the outputs refer to; deploy.test.ts deploys the whole stack. */
function template() {
  const tables = readTableDefinitions('sim').map(({ logicalId, input }) => [
    logicalId,
    { Type: 'AWS::DynamoDB::Table', Properties: input },
  ]);
  const names = winner.tables.map(({ name }) => [
    `${name}TableName`,
    { Value: { Ref: `${name}Table` } },
  ]);
  return {
    Resources: {
      Stream: {
        Type: 'AWS::Kinesis::Stream',
        Properties: { Name: 'sim-RetailStream', ShardCount: 1 },
      },
      Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'failures' } },
      ...Object.fromEntries(tables),
    },
    Outputs: {
      StreamName: { Value: { Ref: 'Stream' } },
      StreamArn: { Value: { 'Fn::GetAtt': ['Stream', 'Arn'] } },
      FailureQueueUrl: { Value: { Ref: 'Queue' } },
      ...Object.fromEntries(names),
    },
  };
}

function environment(): Record<string, string> {
  const { PATH = '' } = process.env;
  const region = { AWS_REGION: 'us-east-1', AWS_DEFAULT_REGION: 'us-east-1' };
  return { ...account.environment, ...region, PATH, ARTILLERY_DISABLE_TELEMETRY: 'true' };
}

/** A request without a client: moto reads only the service from the signature. */
async function request(service: string, options: RequestInit & { target?: string; path?: string }) {
  const { target, path: at = '/', ...init } = options;
  const credential = `test/20260101/us-east-1/${service}/aws4_request`;
  const response = await fetch(`${moto.endpoint}${at}`, {
    ...init,
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=0`,
      ...(target && { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.1' }),
    },
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${service}: ${response.status} ${text}`);
  return text;
}

async function ecs(action: string, input: object): Promise<Json> {
  const target = `AmazonEC2ContainerServiceV20141113.${action}`;
  return JSON.parse(await request('ecs', { method: 'POST', target, body: JSON.stringify(input) }));
}

/** The command of the first worker's container; undefined before the launch. */
async function commandOfTask(): Promise<readonly string[] | undefined> {
  const cluster = 'artilleryio-cluster';
  for (const desiredStatus of ['RUNNING', 'STOPPED']) {
    const { taskArns: tasks } = await ecs('ListTasks', { cluster, desiredStatus });
    if (tasks.length === 0) continue;
    const described = await ecs('DescribeTasks', { cluster, tasks });
    return described.tasks[0].overrides.containerOverrides[0].command;
  }
  return undefined;
}

async function publicSubnet(): Promise<string> {
  const body = new URLSearchParams({ Action: 'DescribeSubnets', Version: '2016-11-15' });
  const subnet = /<subnetId>([^<]+)/.exec(await request('ec2', { method: 'POST', body }))?.[1];
  return subnet ?? '';
}

test('uploads the engine and the run, and launches workers', async () => {
  const bundle = ['bundle', '--stage', 'sim', '--prefix', 'big', '--out', folder];
  expect(await load(bundle, environment())).toMatchObject({ status: 0 });
  const script = path.join(folder, 'steady.yml');
  const subnet = await publicSubnet();
  const flags = ['--region', 'us-east-1', '--count', '2', '--subnet-ids', subnet];
  const child = spawnGuarded(process.execPath, [ARTILLERY, 'run-fargate', ...flags, script], {
    env: environment(),
  });
  let printed = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  let command: readonly string[] | undefined;
  try {
    while (command === undefined) {
      if (child.exitCode !== null) throw new Error(`artillery ended: ${printed}`);
      await delay(500);
      command = /Waiting for Fargate/.test(printed) ? await commandOfTask() : undefined;
    }
  } finally {
    await killGuarded(child);
  }
  const flag = (name: string): string => command[command.indexOf(name) + 1] ?? '';
  expect(JSON.parse(Buffer.from(flag('-a'), 'base64').toString('utf8'))).toEqual([
    'run',
    'steady.yml',
  ]);

  const prefix = flag('-p').replace(`s3://${BUCKET}/`, '');
  const listed = await request('s3', { path: `/${BUCKET}?list-type=2&prefix=${prefix}` });
  const names = [...listed.matchAll(/<Key>([^<]+)/g)].map(([, key = '']) =>
    key.slice(prefix.length + 1),
  );
  const uploaded = (name: string) => request('s3', { path: `/${BUCKET}/${prefix}/${name}` });
  const files = ['engine/engine.mjs', 'engine/package.json', 'package.json', 'steady.yml'];
  expect(names.sort()).toEqual([...files, 'metadata.json'].sort());
  for (const file of files) {
    const [there, here] = [await uploaded(file), readFileSync(path.join(folder, file), 'utf8')];
    // Artillery formats package.json again.
    expect(there.trimEnd()).toBe(here.trimEnd());
  }
  expect(JSON.parse(await uploaded('metadata.json'))).toMatchObject({
    modules: [ENGINE],
    scriptPath: 'steady.yml',
  });
});

test('refuses tables with rows that no simulation made', async () => {
  const Item = { userId: { S: 'Mandy' }, role: { S: 'creator' }, score: { N: '7' } };
  await account.dynamoDb.send(new PutItemCommand({ TableName: 'sim-Scores', Item }));
  const { status, output } = await load(['bundle', '--stage', 'sim'], environment());
  expect(output).toMatch(/^load: the table sim-Scores holds rows that no simulation made/);
  expect(status).toBe(64);
});
