/** The output of `serverless package`: the artifact, which is run, and the template. */
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { unzipSync } from 'fflate';
import { bundle } from '../../scripts/bundle.js';
import { CLIENT_ALONE, measureImports, medianRatio, moduleOf } from '../../scripts/import-times.ts';
import { readStreamDefinition, readTableDefinitions } from '../../src/simulator/stack-template.ts';
import { simulate } from '../e2e/simulate.ts';
import { BATCHES, EVENTS } from '../fixtures/small-history.ts';
import { metricsOf, runEntry } from '../support/lambda-process.ts';
import {
  copyProject,
  type Json,
  makeFolder,
  type Packaged,
  packageStack,
} from '../support/package-stack.ts';
import { batchOf, startViewServer, type ViewServer } from '../support/view.ts';

jest.setTimeout(60_000);
const SIZE_BYTES_MAX = 300_000;
/** Relative to the SDK's client alone. The budget of 150 ms is about twice its time (docs/benchmarks.md). */
const START_RATIO_MAX = 1.5;
const EXISTING_STREAM = 'arn:aws:kinesis:us-east-1:123456789012:stream/retail';
const EVENTS_OF_LAMBDA = BATCHES.map((batch, at) => batchOf(batch, 1 + at * 100));

const folders: string[] = [];
let server: ViewServer;
let dev: Packaged;
let other: Packaged;
beforeAll(async () => {
  server = await startViewServer();
  const folder = await copyProject();
  folders.push(folder);
  dev = await packageStack(folder, 'dev');
  other = await packageStack(folder, 'ephemeral', { streamArn: EXISTING_STREAM, batchSize: '100' });
});
afterAll(async () => {
  await server.stop();
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

function resources(type: string, { template } = dev): Record<string, Json> {
  return Object.fromEntries(
    Object.entries<Json>(template.Resources).filter(([, { Type }]) => Type === type),
  );
}
function properties(type: string, packaged = dev): Json {
  const [only, ...more] = Object.values(resources(type, packaged));
  expect(more).toEqual([]);
  return only.Properties;
}

describe('the artifact', () => {
  test('is one small file, and reproducible', () => {
    expect(Object.keys(unzipSync(dev.zip))).toEqual(['out/winner.mjs']);
    expect(dev.zip.byteLength).toBeLessThan(SIZE_BYTES_MAX);
    expect(other.zip.equals(dev.zip)).toBe(true);
  });

  test('loads in little more time than the SDK', async () => {
    const folder = await makeFolder();
    folders.push(folder);
    const file = (name: string) => path.join(folder, name);
    await writeFile(file('winner.mjs'), unzipSync(dev.zip)['out/winner.mjs'] ?? '');
    await bundle({ ...moduleOf(CLIENT_ALONE), outfile: file('client.mjs') });
    // The ratio must detect a slow file.
    const copies = Array.from({ length: 6 }, (_, at) => `import './client.mjs?${at}';`);
    await writeFile(file('heavy.mjs'), copies.join('\n'));
    const files = ['client.mjs', 'winner.mjs', 'heavy.mjs'].map(file);
    const [client = [], winner = [], heavy = []] = measureImports(files, 11);
    expect(medianRatio(winner, client)).toBeLessThanOrEqual(START_RATIO_MAX);
    expect(medianRatio(heavy, client)).toBeGreaterThan(START_RATIO_MAX);
  });

  test('converges in a run with malformed records and killed workers', async () => {
    const folder = await makeFolder();
    folders.push(folder);
    const file = path.join(folder, 'winner-view.zip');
    await writeFile(file, dev.zip);
    const disorder = ['--shuffle', '--count', '300', '--garbage', '0.05', '--kill', '1'];
    expect(await simulate('--handler', file, ...disorder)).toMatchObject({ status: 0 });
  });

  test('works alone, and emits the metric of the alarm', async () => {
    const folder = await makeFolder();
    folders.push(folder);
    const file = path.join(folder, 'winner.mjs');
    await writeFile(file, unzipSync(dev.zip)['out/winner.mjs'] ?? '');
    const view = await server.createView();
    const variables: Record<string, Json> =
      properties('AWS::Lambda::Function').Environment.Variables;
    const run = await runEntry(file, {
      folder,
      view,
      // Variables of the template that don't refer to tables.
      environment: Object.fromEntries(
        Object.entries(variables).filter(([, value]) => typeof value === 'string'),
      ),
      events: EVENTS_OF_LAMBDA,
    });
    expect(run.responses).toEqual(BATCHES.map(() => ({ batchItemFailures: [] })));
    expect(await view.differences(EVENTS)).toEqual([]);

    const alarm = dev.template.Resources.QuarantinedAlarm.Properties;
    const [first] = metricsOf(run);
    const [emitted] = first?._aws.CloudWatchMetrics ?? [];
    const dimensions = emitted?.Dimensions.map((names) =>
      names.map((Name) => ({ Name, Value: first?.[Name] })),
    );
    expect(emitted?.Namespace).toBe(alarm.Namespace);
    expect(emitted?.Metrics.map(({ Name }) => Name)).toContain(alarm.MetricName);
    expect(dimensions).toEqual([alarm.Dimensions]);
    expect(first?.[alarm.MetricName]).toBe(1);
    expect(alarm).toMatchObject({ Threshold: 0, ComparisonOperator: 'GreaterThanThreshold' });
  });
});

describe('the mapping', () => {
  test('reports failures by record, retries without limit, and loses nothing', () => {
    expect(properties('AWS::Lambda::EventSourceMapping')).toEqual({
      EventSourceArn: {
        'Fn::If': ['MakesStream', { 'Fn::GetAtt': ['RetailStream', 'Arn'] }, { Ref: 'StreamArn' }],
      },
      FunctionName: { Ref: 'WinnerLambdaFunction' },
      StartingPosition: 'TRIM_HORIZON',
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BatchSize: 500,
      MaximumBatchingWindowInSeconds: 1,
      ParallelizationFactor: 1,
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: -1,
      MaximumRecordAgeInSeconds: -1,
      DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['FailureQueue', 'Arn'] } } },
    });
  });

  test('takes a stream and a batch size by params', () => {
    expect(other.template).toMatchObject({
      Parameters: { StreamArn: { Default: EXISTING_STREAM } },
    });
    expect(dev.template).toMatchObject({ Parameters: { StreamArn: { Default: '' } } });
    expect(properties('AWS::Lambda::EventSourceMapping', other).BatchSize).toBe('100');
    expect(dev.template.Resources.RetailStream.Condition).toBe('MakesStream');
  });
});

describe('the function', () => {
  test('has a timeout, an architecture, and no reserved concurrency', () => {
    const lambda = properties('AWS::Lambda::Function');
    expect(lambda).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'out/winner.handler',
      Timeout: 60,
    });
    expect(lambda).not.toHaveProperty('ReservedConcurrentExecutions');
  });

  test('keeps its logs for 30 days', () => {
    expect(properties('AWS::Logs::LogGroup').RetentionInDays).toBe(30);
  });
});

describe('the tables', () => {
  test('can be recovered, and outlive the stack unless the stage is configured otherwise', () => {
    const tables = resources('AWS::DynamoDB::Table');
    expect(Object.keys(tables)).toHaveLength(4);
    for (const [name, table] of Object.entries(tables)) {
      const { DeletionPolicy, UpdateReplacePolicy, Properties } = table;
      expect([name, DeletionPolicy, UpdateReplacePolicy]).toEqual([name, 'Retain', 'Retain']);
      expect(Properties).toMatchObject({
        BillingMode: 'PAY_PER_REQUEST',
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      });
      const { DeletionPolicy: policy } = other.template.Resources[name];
      expect([name, policy]).toEqual([name, 'Delete']);
    }
  });

  test('and the stream are those that the simulator creates', () => {
    for (const { logicalId, input } of readTableDefinitions('dev')) {
      expect(dev.template.Resources[logicalId].Properties).toMatchObject(input as object);
    }
    const { logicalId, name, retentionHours } = readStreamDefinition('dev');
    expect(dev.template.Resources[logicalId].Properties).toMatchObject({
      Name: name,
      RetentionPeriodHours: retentionHours,
      StreamModeDetails: {
        StreamMode: { 'Fn::If': ['StreamIsOnDemand', 'ON_DEMAND', 'PROVISIONED'] },
      },
    });
  });
});

describe('the alarms', () => {
  test('watch lag, errors, throttles, quarantine and discarded batches', () => {
    const alarms = Object.values(resources('AWS::CloudWatch::Alarm')).map(
      ({ Properties: { Namespace, MetricName } }) => `${Namespace} ${MetricName}`,
    );
    expect(alarms.sort()).toEqual([
      'AWS/Lambda Errors',
      'AWS/Lambda IteratorAge',
      'AWS/Lambda Throttles',
      'AWS/SQS ApproximateNumberOfMessagesVisible',
      'WinnerView Quarantined',
    ]);
  });

  test('are sent to the topic if there is one', () => {
    for (const { Properties } of Object.values(resources('AWS::CloudWatch::Alarm'))) {
      expect(Properties.AlarmActions).toEqual({
        'Fn::If': ['AlarmsAreSent', [{ Ref: 'AlarmTopicArn' }], { Ref: 'AWS::NoValue' }],
      });
    }
  });
});

test('the outputs name all resources that other programs use', () => {
  expect(Object.keys(dev.template.Outputs)).toEqual(
    expect.arrayContaining([
      'StreamName',
      'StreamArn',
      'ContributionsTableName',
      'ScoresTableName',
      'EventsTableName',
      'QuarantineTableName',
      'FailureQueueUrl',
      'FunctionName',
    ]),
  );
});
