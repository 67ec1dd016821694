/**
 * The same 2,000 events delivered by this simulator and by serverless-offline with serverless-offline-kinesis, to
 * the same packaged handler, in front of the same kinds of servers, three times: all goes well; some batches are
 * answered with a failed record; some throw. `node scripts/peer-offline.ts [FOLDER]` prints the table that stands in
 * docs/benchmarks.md. The peer needs Serverless Framework 3, so it is installed in a folder of its own, which is
 * kept if it is given.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
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
const STAGE = 'peer';
const SEED = 'peers';
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
/** Without a change in the tables for so long, nothing more is expected. */
const STILL_MS = 30_000;
const LOOK_MS = 100;

/** How the handler answers for a record that it has no luck with; see peer-unlucky.mjs. */
const LUCKS = {
  good: 'all go well',
  reported: 'some report a failed record',
  throws: 'some throw',
};
type Luck = keyof typeof LUCKS;

interface Delivered {
  readonly recordsPerSecond: number;
  readonly wrongRows: number;
}

const kept = process.argv[2];
const folder = kept ?? mkdtempSync(path.join(tmpdir(), 'peer-'));
try {
  install();
  console.log(
    '| batches | this simulator: records/s | wrong rows | serverless-offline-kinesis: records/s | wrong rows | ratio |\n' +
      '|---|---|---|---|---|---|',
  );
  for (const [luck, batches] of Object.entries(LUCKS) as [Luck, string][]) {
    const our = ours(luck);
    const their = await theirs(luck);
    const ratio = our.recordsPerSecond / their.recordsPerSecond;
    const cells = [our, their].flatMap((each) => [
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
    const words = ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...PACKAGES];
    execFileSync('npm', words, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  }
  execFileSync(process.execPath, [path.join(PROJECT, 'scripts/bundle.js')], { stdio: 'ignore' });
  copyFileSync(path.join(PROJECT, 'out/winner.mjs'), path.join(folder, 'winner.mjs'));
  copyFileSync(path.join(PROJECT, 'scripts/peer-unlucky.mjs'), path.join(folder, 'unlucky.mjs'));
}

function ours(luck: Luck): Delivered {
  const flags = ['--seed', SEED, '--shuffle', '--json', '--no-out', '--no-config'];
  const handler = ['--handler', path.join(folder, 'unlucky.mjs')];
  const { entities, ...count } = SIZE;
  const size = Object.entries({ ...count, ...entities }).flatMap(([name, value]) => [
    `--${name}`,
    String(value),
  ]);
  const command = [path.join(PROJECT, 'bin/simulate.js'), ...flags, ...handler, ...size];
  const { stdout } = spawnSync(process.execPath, command, {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    env: { ...process.env, LUCK: luck },
  });
  const { figures, differencesTotal } = JSON.parse(stdout) as RunResult;
  const seconds = (figures.stagesMs['deliver'] ?? 0) / 1000;
  return {
    recordsPerSecond: figures.disorder.records / seconds,
    wrongRows: differencesTotal,
  };
}

async function theirs(luck: Luck): Promise<Delivered> {
  const servers = await Promise.all([startServer('kinesalite'), startServer('dynoxide')]);
  const [{ endpoint: kinesisEndpoint }, { endpoint: dynamoDbEndpoint }] = servers;
  let child: ReturnType<typeof spawn> | undefined;
  try {
    const kinesis = localKinesisClient({ ...LOCAL, endpoint: kinesisEndpoint });
    const dynamoDb = new DynamoDBClient({ ...LOCAL, endpoint: dynamoDbEndpoint });
    const pause = () => delay(20);
    const { name: stream } = readStreamDefinition(STAGE);
    const arn = await createStream(kinesis, { name: stream, shards: 2, pause });
    await createTables(dynamoDb, tableInputs(winner.tables, STAGE), pause);
    const source = winner.generate(SEED, SIZE);
    const pushes = disorder(source.length, DISORDER, seededRandom(SEED, 'disorder'));
    const records = Array.from({ length: pushes.length }, (_, at) => {
      const { event, copy } = pushes.at(at);
      return winner.encode(source.at(event), copy);
    });
    const put = putTo(kinesis, stream);
    await pushRecords(records, {
      put,
      random: seededRandom(SEED, 'push'),
      pause: (ms) => delay(ms),
    });
    writeFileSync(path.join(folder, 'serverless.yml'), configuration(kinesisEndpoint, arn, luck));

    const scan = (table: string) => Array.fromAsync(readTable(dynamoDb, `${STAGE}-${table}`));
    const serverless = path.join(folder, 'node_modules/serverless/bin/serverless.js');
    child = spawn(process.execPath, [serverless, 'offline', 'start', '--noPrependStageInUrl'], {
      cwd: folder,
      stdio: 'ignore',
      env: {
        ...process.env,
        AWS_ACCESS_KEY_ID: 'local',
        AWS_SECRET_ACCESS_KEY: 'local',
        AWS_REGION: LOCAL.region,
        AWS_ENDPOINT_URL_DYNAMODB: dynamoDbEndpoint,
        // Its loader tries `require` before `import`, which newer Nodes answer otherwise than it expects.
        NODE_OPTIONS: '--no-experimental-require-module',
        SLS_TELEMETRY_DISABLED: '1',
        SLS_NOTIFICATIONS_MODE: 'off',
      },
    });
    // From the last look without a row to the first with all: without its start, which takes seconds.
    let [rows, startedAt, lastAt] = [0, Date.now(), Date.now()];
    while (Date.now() - lastAt < STILL_MS) {
      await delay(LOOK_MS);
      const now = (await scan('Events')).length;
      if (now === 0) startedAt = Date.now();
      if (now > rows) lastAt = Date.now();
      rows = now;
    }
    if (rows === 0)
      throw new Error('the peer delivered nothing: give a FOLDER, and start it there by hand');
    const tables = winner.tables.filter(({ compared }) => compared);
    const stored = new Map(
      await Promise.all(tables.map(async ({ name }) => [name, await scan(name)] as const)),
    );
    const events = Array.from({ length: source.length }, (_, at) => source.at(at));
    const differences = await compare(winner, winner.reference(events), stored);
    return {
      recordsPerSecond: (records.length / (lastAt - startedAt)) * 1000,
      wrongRows: differences.length,
    };
  } finally {
    child?.kill('SIGKILL');
    await Promise.all(servers.map((server) => server.stop()));
  }
}

function configuration(endpoint: string, arn: string, luck: Luck): string {
  const variables = winner.tables.map(
    ({ name, environmentVariable }) => `    ${environmentVariable}: ${STAGE}-${name}`,
  );
  return `service: peer
frameworkVersion: '3'
provider:
  name: aws
  runtime: nodejs18.x
  region: ${LOCAL.region}
  environment:
${variables.join('\n')}
    LUCK: ${luck}
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
    handler: unlucky.handler
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
