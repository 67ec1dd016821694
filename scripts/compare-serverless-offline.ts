/**
 * Compares this simulator with serverless-offline and serverless-offline-kinesis: both deliver the same 2,000 events to
 * the same packaged handler, in front of the same kinds of servers. Three times: without failures, with failed records
 * that are reported, and with thrown errors. `node scripts/compare-serverless-offline.ts [FOLDER]` prints the table in
 * docs/benchmarks.md. The other one needs Serverless Framework 3, so it is installed in a folder of its own, which is
 * kept if it is named.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { compare } from '../src/simulator/check/check.ts';
import { disorder } from '../src/simulator/disorder/disorder.ts';
import { createTables } from '../src/simulator/dynamodb/client/create-tables.ts';
import { readTable } from '../src/simulator/dynamodb/client/read.ts';
import type { RunResult } from '../src/simulator/model/run-result.ts';
import { seededRandom } from '../src/simulator/random.ts';
import { startServer } from '../src/simulator/servers/server.ts';
import { readStreamDefinition } from '../src/simulator/stack-template.ts';
import { localKinesisClient } from '../src/simulator/stream/kinesis-client.ts';
import { createStream } from '../src/simulator/stream/kinesis-stream.ts';
import { pushRecords } from '../src/simulator/stream/push.ts';
import { putTo } from '../src/simulator/stream/put-records.ts';
import { winner } from '../src/simulator/workload/winner/winner.ts';
import { tableInputs } from '../src/simulator/worlds/table-inputs.ts';

const PROJECT = fileURLToPath(new URL('../', import.meta.url));
const STAGE = 'offline';
const SEED = 'peers';
const HANDLER = 'failing.mjs';
const SIZE = { count: 2_000, entities: { products: 40, users: 10 } };
const DISORDER = { shuffle: true, duplicate: 0.1, delay: 0.05, garbage: 0 };
const PACKAGES = [
  'serverless@3.40.0',
  'serverless-offline@12.0.4',
  'serverless-offline-kinesis@6.2.3',
];
const LOCAL = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
};
/** Delivery has ended when the tables have not changed for so long. */
const STILL_MS = 30_000;
const POLL_MS = 100;

/** How the handler fails; see failing-handler.mjs. */
const FAILURES = {
  none: 'all succeed',
  reported: 'some report a failed record',
  thrown: 'some throw',
};
type Failures = keyof typeof FAILURES;

interface Delivered {
  readonly recordsPerSecond: number;
  readonly wrongRows: number;
}

const kept = process.argv[2];
const folder = kept ?? mkdtempSync(path.join(tmpdir(), 'serverless-offline-'));
try {
  install();
  console.log(
    '| batches | this simulator: records/s | wrong rows | serverless-offline-kinesis: records/s | wrong rows | ratio |\n' +
      '|---|---|---|---|---|---|',
  );
  for (const [failures, batches] of Object.entries(FAILURES) as [Failures, string][]) {
    const ours = deliverHere(failures);
    const theirs = await deliverOffline(failures);
    const ratio = ours.recordsPerSecond / theirs.recordsPerSecond;
    const cells = [ours, theirs].flatMap((each) => [
      each.recordsPerSecond.toFixed(0),
      each.wrongRows,
    ]);
    console.log(`| ${[batches, ...cells, ratio.toFixed(2)].join(' | ')} |`);
  }
} finally {
  if (kept === undefined) rmSync(folder, { recursive: true, force: true });
}

function install(): void {
  if (!existsSync(path.join(folder, 'node_modules', 'serverless-offline'))) {
    writeFileSync(path.join(folder, 'package.json'), '{ "private": true }');
    const flags = ['--ignore-scripts', '--no-audit', '--no-fund'];
    execFileSync('npm', ['install', ...flags, ...PACKAGES], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }
  execFileSync(process.execPath, [path.join(PROJECT, 'scripts/bundle.js')], { stdio: 'ignore' });
  copyFileSync(path.join(PROJECT, 'out/winner.mjs'), path.join(folder, 'winner.mjs'));
  copyFileSync(path.join(PROJECT, 'scripts/failing-handler.mjs'), path.join(folder, HANDLER));
}

function deliverHere(failures: Failures): Delivered {
  const flags = ['--seed', SEED, '--shuffle', '--json', '--no-out', '--no-config'];
  const handler = ['--handler', path.join(folder, HANDLER)];
  const { count, entities } = SIZE;
  const size = Object.entries({ count, ...entities }).flatMap(([name, value]) => [
    `--${name}`,
    String(value),
  ]);
  const command = [path.join(PROJECT, 'bin/simulate.js'), ...flags, ...handler, ...size];
  const { stdout } = spawnSync(process.execPath, command, {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    env: { ...process.env, FAILURES: failures },
  });
  const { figures, differencesTotal } = JSON.parse(stdout) as RunResult;
  const seconds = (figures.stagesMs['deliver'] ?? 0) / 1000;
  return {
    recordsPerSecond: figures.disorder.records / seconds,
    wrongRows: differencesTotal,
  };
}

async function deliverOffline(failures: Failures): Promise<Delivered> {
  const servers = await Promise.all([startServer('kinesalite'), startServer('dynoxide')]);
  const [{ endpoint: kinesisEndpoint }, { endpoint: dynamoDbEndpoint }] = servers;
  let child: ChildProcess | undefined;
  try {
    const dynamoDb = new DynamoDBClient({ ...LOCAL, endpoint: dynamoDbEndpoint });
    await createTables(dynamoDb, tableInputs(winner.tables, STAGE), () => delay(20));
    const { arn, events, records } = await pushTo(kinesisEndpoint);
    const config = configuration(kinesisEndpoint, arn, failures);
    writeFileSync(path.join(folder, 'serverless.yml'), config);
    child = startOffline(dynamoDbEndpoint);
    const read = (table: string) => Array.fromAsync(readTable(dynamoDb, `${STAGE}-${table}`));
    const ms = await deliveryMs(async () => (await read('Events')).length);
    const tables = winner.tables.filter(({ compared }) => compared);
    const stored = new Map(
      await Promise.all(tables.map(async ({ name }) => [name, await read(name)] as const)),
    );
    const differences = await compare(winner, winner.reference(events), stored);
    return { recordsPerSecond: (records / ms) * 1000, wrongRows: differences.length };
  } finally {
    child?.kill('SIGKILL');
    await Promise.all(servers.map((server) => server.stop()));
  }
}

/** Puts the events onto a new stream, as the simulator does. */
async function pushTo(endpoint: string) {
  const kinesis = localKinesisClient({ ...LOCAL, endpoint });
  const { name: stream } = readStreamDefinition(STAGE);
  const arn = await createStream(kinesis, { name: stream, shards: 2, pause: () => delay(20) });
  const source = winner.generate(SEED, SIZE);
  const pushes = disorder(source.length, DISORDER, seededRandom(SEED, 'disorder'));
  const records = Array.from({ length: pushes.length }, (_, at) => {
    const { event, copy } = pushes.at(at);
    return winner.encode(source.at(event), copy);
  });
  const pause = (ms: number) => delay(ms);
  const random = seededRandom(SEED, 'push');
  await pushRecords(records, { put: putTo(kinesis, stream), random, pause });
  const events = Array.from({ length: source.length }, (_, at) => source.at(at));
  return { arn, events, records: records.length };
}

function startOffline(dynamoDbEndpoint: string): ChildProcess {
  const serverless = path.join(folder, 'node_modules/serverless/bin/serverless.js');
  return spawn(process.execPath, [serverless, 'offline', 'start', '--noPrependStageInUrl'], {
    cwd: folder,
    stdio: 'ignore',
    env: {
      ...process.env,
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_REGION: LOCAL.region,
      AWS_ENDPOINT_URL_DYNAMODB: dynamoDbEndpoint,
      // Its loader tries `require` before `import`, and needs it to fail for an ES module.
      NODE_OPTIONS: '--no-experimental-require-module',
      SLS_TELEMETRY_DISABLED: '1',
      SLS_NOTIFICATIONS_MODE: 'off',
    },
  });
}

/** From the last poll without rows to the first with all of them: excludes the start, which takes seconds. */
async function deliveryMs(countRows: () => Promise<number>): Promise<number> {
  let [rows, startedAt, lastAt] = [0, Date.now(), Date.now()];
  while (Date.now() - lastAt < STILL_MS) {
    await delay(POLL_MS);
    const now = await countRows();
    if (now === 0) startedAt = Date.now();
    if (now > rows) lastAt = Date.now();
    rows = now;
  }
  if (rows > 0) return lastAt - startedAt;
  throw new Error('serverless-offline delivered nothing: name a FOLDER, and start it there');
}

function configuration(endpoint: string, arn: string, failures: Failures): string {
  const variables = winner.tables.map(
    ({ name, environmentVariable }) => `    ${environmentVariable}: ${STAGE}-${name}`,
  );
  return `service: offline
frameworkVersion: '3'
provider:
  name: aws
  runtime: nodejs18.x
  region: ${LOCAL.region}
  environment:
${variables.join('\n')}
    FAILURES: ${failures}
plugins: [serverless-offline-kinesis, serverless-offline]
custom:
  serverless-offline-kinesis:
    apiVersion: '2013-12-02'
    endpoint: ${endpoint}
    region: ${LOCAL.region}
    accessKeyId: local
    secretAccessKey: local
    skipCacheInvalidation: true
functions:
  winner:
    handler: failing.handler
    timeout: 60
    events:
      - stream:
          enabled: true
          type: kinesis
          arn: ${arn}
          batchSize: 100
          startingPosition: TRIM_HORIZON
`;
}
