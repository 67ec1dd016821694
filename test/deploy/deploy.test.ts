/**
 * `serverless deploy` for real, against moto in AWS's place: made, found, updated, removed; and the template, linted.
 * `npm run test:deploy`; not part of `npm test`, because it installs from the Python package index.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { readTableDefinitions } from '../../src/simulator/stack/definitions.ts';
import { copyProject, type Json, packaged, serverless, TEMPLATE } from '../support/package.ts';
import { installAwsTools, type Moto, startMoto } from './aws-tools.ts';

jest.setTimeout(300_000);
const run = promisify(execFile);
const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const LEADS_NOWHERE = '/dev/null';

let bin = '';
let folder = '';
let moto: Moto;
let environment: Readonly<Record<string, string>>;
beforeAll(async () => {
  bin = await installAwsTools();
  folder = await copyProject();
  moto = await startMoto(bin);
  environment = {
    PATH: process.env['PATH'] ?? '',
    AWS_ENDPOINT_URL: moto.endpoint,
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'nobody',
    AWS_SECRET_ACCESS_KEY: 'nobody',
    AWS_CONFIG_FILE: LEADS_NOWHERE,
    AWS_SHARED_CREDENTIALS_FILE: LEADS_NOWHERE,
    AWS_EC2_METADATA_DISABLED: 'true',
    SLS_TELEMETRY_DISABLED: '1',
  };
});
afterAll(async () => {
  await moto?.stop();
  if (folder !== '') await rm(folder, { recursive: true, force: true });
});

const deploy = (stage: string) => serverless(folder, ['deploy', '--stage', stage], environment);
const remove = (stage: string) => serverless(folder, ['remove', '--stage', stage], environment);

/** In serverless.yml: `--param` makes texts of them, which CloudFormation takes for numbers and moto doesn't. */
async function changeParams(params: Readonly<Record<string, number>>): Promise<void> {
  const file = path.join(folder, 'serverless.yml');
  let text = await readFile(file, 'utf8');
  for (const [name, value] of Object.entries(params)) {
    text = text.replace(new RegExp(`^( +${name}:) \\d+$`, 'm'), `$1 ${value}`);
  }
  await writeFile(file, text);
}

/** What is there now, by kind. */
async function inventory(): Promise<Json> {
  const script = fileURLToPath(new URL('./inventory.py', import.meta.url));
  const { stdout } = await run(path.join(bin, 'python'), [script], { env: environment });
  return JSON.parse(stdout);
}

/** The exit status of `simulate`, and all that it said. */
async function simulate(...words: string[]): Promise<{ status: number; said: string }> {
  const program = [path.join(PROJECT, 'bin/simulate.js'), ...words];
  try {
    const { stdout, stderr } = await run(process.execPath, program, { env: environment });
    return { status: 0, said: `${stdout}${stderr}` };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { status: code, said: `${stdout}${stderr}` };
  }
}

const names = (list: readonly Json[], key: string): readonly string[] =>
  list.map((each) => each[key]).sort();

describe('a stage that keeps its tables', () => {
  test('is created, with all that the template has', async () => {
    expect(await deploy('dev')).toContain('Service deployed to stack winner-view-dev');
    const { zip } = await packaged(folder);
    const there = await inventory();

    const [lambda] = there.functions;
    expect(there.functions).toHaveLength(1);
    expect(lambda).toMatchObject({
      FunctionName: 'winner-view-dev-winner',
      Runtime: 'nodejs24.x',
      Handler: 'out/winner.handler',
      Timeout: 60,
      // The very zip that was packaged.
      CodeSha256: createHash('sha256').update(zip).digest('base64'),
      Environment: {
        Variables: {
          TABLE_CONTRIBUTIONS_NAME: 'dev-Contributions',
          TABLE_SCORES_NAME: 'dev-Scores',
          TABLE_EVENTS_NAME: 'dev-Events',
          TABLE_QUARANTINE_NAME: 'dev-Quarantine',
        },
      },
    });
    const [stream] = there.streams;
    expect(stream).toMatchObject({ StreamName: 'dev-RetailStream', RetentionPeriodHours: 72 });
    expect(there.mappings).toMatchObject([
      { EventSourceArn: stream.StreamARN, FunctionArn: lambda.FunctionArn, BatchSize: 500 },
    ]);
    expect(there.queues).toEqual([expect.stringMatching(/\/winner-view-dev-failures$/)]);
    expect(names(there.logGroups, 'logGroupName')).toEqual(['/aws/lambda/winner-view-dev-winner']);

    for (const { input } of readTableDefinitions('dev')) {
      const table = there.tables.find(({ TableName }: Json) => TableName === input.TableName);
      expect(table).toMatchObject({ KeySchema: input.KeySchema });
      expect(names(table.GlobalSecondaryIndexes ?? [], 'IndexName')).toEqual(
        names(input.GlobalSecondaryIndexes ?? [], 'IndexName'),
      );
    }
    expect(names(there.tables, 'TableName')).toEqual(
      readTableDefinitions('dev')
        .map(({ input }) => input.TableName)
        .sort(),
    );

    // References have become ARNs: each statement is about something that is there, and about nothing else.
    const [role] = there.roles;
    expect(lambda.Role).toBe(role.Arn);
    expect(role.Statements).toHaveLength(7);
    const arns = [
      ...there.tables.map(({ TableArn }: Json) => TableArn),
      stream.StreamARN,
      'arn:aws:sqs:us-east-1:123456789012:winner-view-dev-failures',
      // AWS resolves the reference with `:*`, moto without.
      there.logGroups[0].arn.replace(/:\*$/, ''),
    ];
    for (const { Resource } of role.Statements) expect(arns).toContain(Resource);
  });

  test('is found by its outputs', async () => {
    expect(await simulate('redrive', '--stage', 'dev')).toMatchObject({ status: 0 });
    expect(await simulate('audit', '--stage', 'dev')).toMatchObject({ status: 0 });
    const { status, said } = await simulate('audit', '--stage', 'elsewhere');
    expect([status, said]).toEqual([64, expect.stringContaining('winner-view-elsewhere')]);
  });

  test('is updated in place', async () => {
    const before = await inventory();
    await changeParams({ batchSize: 250, memoryMb: 1024 });
    await deploy('dev');
    const after = await inventory();
    expect(after.mappings).toMatchObject([{ UUID: before.mappings[0].UUID, BatchSize: 250 }]);
    expect(after.functions).toMatchObject([{ MemorySize: 1024 }]);
    expect(names(after.tables, 'TableId')).toEqual(names(before.tables, 'TableId'));
    expect(names(after.streams, 'StreamARN')).toEqual(names(before.streams, 'StreamARN'));
    expect(await simulate('audit', '--stage', 'dev')).toMatchObject({ status: 0 });
  });

  test('leaves its tables when it goes, and nothing else', async () => {
    expect(await remove('dev')).toContain('successfully removed');
    const { tables, ...others } = await inventory();
    expect(tables).toHaveLength(4);
    for (const list of Object.values(others)) expect(list).toEqual([]);
    const { status, said } = await simulate('audit', '--stage', 'dev');
    expect([status, said]).toEqual([64, expect.stringContaining('there is no stack')]);
  });
});

test('a stage that comes and goes leaves nothing', async () => {
  const before = await inventory();
  await deploy('ephemeral');
  expect((await inventory()).tables).toHaveLength(before.tables.length + 4);
  await remove('ephemeral');
  expect(await inventory()).toEqual(before);
});

test('moto made all but what it can not', () => {
  const not = moto.log().matchAll(/No Moto CloudFormation support for (\S+)/g);
  expect([...new Set([...not].map(([, type]) => type))].sort()).toEqual([
    'AWS::CloudWatch::Alarm',
    // Of Serverless's own bucket.
    'AWS::S3::BucketPolicy',
  ]);
});

test('cfn-lint has nothing to say about the template', async () => {
  await serverless(folder, ['package', '--stage', 'dev'], environment);
  const template = path.join(folder, '.serverless', TEMPLATE);
  // It exits with other than 0, and the test fails, at an error and at a warning.
  const { stdout } = await run(path.join(bin, 'cfn-lint'), ['--', template]);
  expect(stdout).toBe('');
});
