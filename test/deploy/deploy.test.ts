/**
 * `serverless deploy`, update and remove against moto in place of AWS; and cfn-lint. Run by `npm run test:deploy`, not
 * by `npm test`, because it installs from a registry. The tests are consecutive steps.
 *
 * Comments say what moto can't do and what is checked instead; docs/operations/runbook.md has the list.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { DescribeTableCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetRolePolicyCommand, ListRolesCommand } from '@aws-sdk/client-iam';
import { DescribeStreamSummaryCommand, ListStreamsCommand } from '@aws-sdk/client-kinesis';
import {
  GetFunctionConfigurationCommand,
  ListEventSourceMappingsCommand,
  ListFunctionsCommand,
} from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand, ListQueuesCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { readOutputs } from '../../src/ops/stack/outputs.ts';
import { winner } from '../../src/simulator/workload/winner/winner.ts';
import {
  copyProject,
  type Json,
  type Packaged,
  packageStack,
  readPackaged,
  serverless,
} from '../support/package-stack.ts';
import { type Account, accountAt } from './account.ts';
import { type Moto, startMoto } from './moto.ts';
import { installPythonTools, type PythonTools } from './python-tools.ts';

// The first run creates the virtual environment.
jest.setTimeout(600_000);

const STACK = 'winner-view-dev';
const FUNCTION = 'winner-view-dev-winner';
const QUEUE = 'winner-view-dev-failures';
const TABLES = ['Contributions', 'Events', 'Quarantine', 'Scores'].map((name) => `dev-${name}`);
const ARN = (service: string, name: string) => `arn:aws:${service}:us-east-1:123456789012:${name}`;
const ROW = { userId: { S: 'Mandy' }, role: { S: 'creator' }, score: { N: '7' } };

/** Types that moto's CloudFormation ignores; only cfn-lint checks the alarms. */
const NOT_MADE_BY_MOTO = ['AWS::CloudWatch::Alarm', 'AWS::S3::BucketPolicy'];

let tools: PythonTools;
let moto: Moto | undefined;
let folder: string | undefined;
let account: Account;

beforeAll(async () => {
  tools = await installPythonTools();
  folder = await copyProject();
  moto = await startMoto(tools.motoServer);
  account = accountAt(moto.endpoint);
});
afterAll(async () => {
  await moto?.stop();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

function project(): string {
  if (folder === undefined) throw new Error('the project was not copied');
  return folder;
}

async function mapping() {
  const { EventSourceMappings = [] } = await account.lambda.send(
    new ListEventSourceMappingsCommand({ FunctionName: FUNCTION }),
  );
  expect(EventSourceMappings).toHaveLength(1);
  return EventSourceMappings[0];
}

async function roleName(): Promise<string | undefined> {
  const resources = await account.stackResources(STACK);
  return resources.find((each) => each.LogicalResourceId === 'WinnerRole')?.PhysicalResourceId;
}

test.each([
  ['dev', {}],
  ['ephemeral', {}],
  ['dev', { streamShards: '2' }],
  ['dev', { streamArn: ARN('kinesis', 'stream/retail'), alarmTopicArn: ARN('sns', 'wake') }],
])('cfn-lint finds nothing in the template of stage %s with %j', async (stage, params) => {
  await packageStack(project(), stage, params);
  const template = path.join(project(), '.serverless/cloudformation-template-update-stack.json');
  await promisify(execFile)(tools.cfnLint, [template]);
});

test('cfn-lint finds a planted mistake', async () => {
  const { template } = await packageStack(project(), 'dev');
  template.Resources.WinnerMapping.Properties.StartingPosition = 'THE_BEGINNING';
  const broken = path.join(project(), 'broken.json');
  await writeFile(broken, JSON.stringify(template));
  await expect(promisify(execFile)(tools.cfnLint, [broken])).rejects.toMatchObject({
    stdout: expect.stringMatching(/THE_BEGINNING/),
  });
});

test('deploy creates every resource of the template', async () => {
  await serverless(project(), ['deploy', '-s', 'dev'], account.environment);
  const { template } = await readPackaged(project());
  expect(await account.stack(STACK)).toMatchObject({ StackStatus: 'UPDATE_COMPLETE' });
  const resources = await account.stackResources(STACK);
  const made = new Set(resources.map(({ LogicalResourceId }) => LogicalResourceId));
  const missing = Object.entries<Json>(template.Resources).filter(([name]) => !made.has(name));
  expect([...new Set(missing.map(([, { Type }]) => Type))].sort()).toEqual(NOT_MADE_BY_MOTO);
  // CloudFormation was given them too.
  const { TemplateBody = '' } = await account.cloudFormation.send(
    new GetTemplateCommand({ StackName: STACK }),
  );
  expect(JSON.parse(TemplateBody)).toEqual(template);
});

test('the function is the packaged artifact, with the names of the tables', async () => {
  const { zip } = await readPackaged(project());
  expect(
    await account.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: FUNCTION })),
  ).toMatchObject({
    CodeSha256: createHash('sha256').update(zip).digest('base64'),
    Handler: 'out/winner.handler',
    // Without the architecture, which moto's CloudFormation ignores.
    Runtime: 'nodejs24.x',
    MemorySize: 512,
    Timeout: 60,
    Role: `arn:aws:iam::123456789012:role/${await roleName()}`,
    Environment: {
      Variables: {
        TABLE_CONTRIBUTIONS_NAME: 'dev-Contributions',
        TABLE_SCORES_NAME: 'dev-Scores',
        TABLE_EVENTS_NAME: 'dev-Events',
        TABLE_QUARANTINE_NAME: 'dev-Quarantine',
        POWERTOOLS_LOG_LEVEL: 'INFO',
      },
    },
  });
});

test('the mapping connects stream and function, and reports failures', async () => {
  expect(await mapping()).toMatchObject({
    State: 'Enabled',
    EventSourceArn: ARN('kinesis', 'stream/dev-RetailStream'),
    FunctionArn: ARN('lambda', `function:${FUNCTION}`),
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    StartingPosition: 'TRIM_HORIZON',
    BatchSize: 500,
    MaximumRetryAttempts: -1,
    MaximumRecordAgeInSeconds: -1,
    BisectBatchOnFunctionError: true,
    DestinationConfig: { OnFailure: { Destination: ARN('sqs', QUEUE) } },
  });
});

test('stream, queue and tables exist, Scores with its index', async () => {
  // Not checked: the stream's mode (moto has provisioned streams only) and the tables' backups (moto has none).
  const StreamName = 'dev-RetailStream';
  expect(
    await account.kinesis.send(new DescribeStreamSummaryCommand({ StreamName })),
  ).toMatchObject({
    StreamDescriptionSummary: { StreamStatus: 'ACTIVE', RetentionPeriodHours: 72 },
  });
  const { QueueUrls: [QueueUrl] = [] } = await account.sqs.send(new ListQueuesCommand({}));
  expect(
    await account.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] })),
  ).toMatchObject({
    Attributes: { QueueArn: ARN('sqs', QUEUE), MessageRetentionPeriod: '1209600' },
  });
  expect(await account.tableNames()).toEqual(TABLES);
  expect(
    await account.dynamoDb.send(new DescribeTableCommand({ TableName: 'dev-Scores' })),
  ).toMatchObject({
    Table: {
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      GlobalSecondaryIndexes: [
        {
          IndexName: 'ScoresByRole',
          IndexStatus: 'ACTIVE',
          KeySchema: [
            { AttributeName: 'role', KeyType: 'HASH' },
            { AttributeName: 'score', KeyType: 'RANGE' },
          ],
        },
      ],
    },
  });
});

test('the role is limited to the created resources', async () => {
  const RoleName = await roleName();
  const resources = async (PolicyName: string) => {
    const policy = await account.iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
    // moto returns the document as Python prints it.
    const document: Json = JSON.parse(
      decodeURIComponent(policy.PolicyDocument ?? '').replaceAll("'", '"'),
    );
    return document.Statement.map((statement: Json) => statement.Resource);
  };
  expect((await resources('tables')).sort()).toEqual(
    TABLES.map((name) => ARN('dynamodb', `table/${name}`)),
  );
  expect(await resources('delivery')).toEqual([
    ARN('kinesis', 'stream/dev-RetailStream'),
    ARN('sqs', QUEUE),
    // AWS ends it in `:*`.
    ARN('logs', `log-group:/aws/lambda/${FUNCTION}`),
  ]);
});

test('an update changes the requested properties only', async () => {
  await account.dynamoDb.send(new PutItemCommand({ TableName: 'dev-Scores', Item: ROW }));
  const before = await mapping();
  const file = path.join(project(), 'serverless.yml');
  const original = await readFile(file, 'utf8');
  const edited = original
    // In the file, because `--param` makes a string, which CloudFormation converts and moto does not.
    .replace('\nparams:\n', '\nparams:\n  dev:\n    batchSize: 100\n')
    // Without a change set, whose outputs moto does not compute.
    .replace('\nprovider:\n', '\nprovider:\n  deploymentMethod: direct\n');
  await writeFile(file, edited);
  await serverless(
    project(),
    ['deploy', '-s', 'dev', '--param=logLevel=WARN'],
    account.environment,
  );
  const after = await mapping();
  expect(after).toMatchObject({
    BatchSize: 100,
    FunctionResponseTypes: before?.FunctionResponseTypes,
  });
  expect(after?.UUID).toBe(before?.UUID);
  expect(
    await account.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: FUNCTION })),
  ).toMatchObject({
    Environment: { Variables: { TABLE_SCORES_NAME: 'dev-Scores', POWERTOOLS_LOG_LEVEL: 'WARN' } },
  });
  expect(await storedRow()).toEqual(ROW);
});

async function storedRow() {
  const { score: _, ...Key } = ROW;
  return (await account.dynamoDb.send(new GetItemCommand({ TableName: 'dev-Scores', Key }))).Item;
}

function outputsOf(stage: string) {
  const { cloudFormation, environment } = account;
  return readOutputs({ stage, cloudFormation, environment });
}

test('the outputs are read by stage, as `simulate --world aws` does', async () => {
  const { tableName, ...names } = await outputsOf('dev');
  expect(names).toEqual({
    stackName: STACK,
    streamName: 'dev-RetailStream',
    failureQueueUrl: `https://sqs.us-east-1.amazonaws.com/123456789012/${QUEUE}`,
  });
  for (const { name } of winner.tables) expect(tableName(name)).toBe(`dev-${name}`);
  const outputs = (await account.stack(STACK))?.Outputs;
  const { template }: Packaged = await readPackaged(project());
  expect(outputs?.map(({ OutputKey }) => OutputKey).toSorted()).toEqual(
    Object.keys(template.Outputs).toSorted(),
  );
  await expect(outputsOf('other')).rejects.toThrow('there is no stack winner-view-other');
});

test('remove leaves only the tables, with their rows', async () => {
  await serverless(project(), ['remove', '-s', 'dev'], account.environment);
  await expect(outputsOf('dev')).rejects.toThrow(`there is no stack ${STACK}`);
  expect((await account.lambda.send(new ListFunctionsCommand({}))).Functions).toEqual([]);
  const mappings = await account.lambda.send(new ListEventSourceMappingsCommand({}));
  expect(mappings.EventSourceMappings).toEqual([]);
  expect((await account.kinesis.send(new ListStreamsCommand({}))).StreamNames).toEqual([]);
  expect((await account.sqs.send(new ListQueuesCommand({}))).QueueUrls ?? []).toEqual([]);
  expect((await account.iam.send(new ListRolesCommand({}))).Roles).toEqual([]);
  expect(await account.tableNames()).toEqual(TABLES);
  expect(await storedRow()).toEqual(ROW);
});
