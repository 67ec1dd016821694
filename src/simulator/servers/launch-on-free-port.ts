/** Launches a DynamoDB server that can't choose a free port by itself. */
import type { ChildProcess } from 'node:child_process';
import { request } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { childExit } from './child-exit.ts';
import { killGuarded } from './guard.ts';
import type { LaunchedServer } from './launched-server.ts';
import { UNSIGNED_HEADERS } from './local-credentials.ts';
import { ServerUnavailable } from './server-unavailable.ts';

/** Resolves once the server responds. Tries another port if this one was taken meanwhile. */
export async function launchOnFreePort(
  name: string,
  remedy: string,
  startMsMax: number,
  spawnOn: (port: number) => ChildProcess,
): Promise<LaunchedServer> {
  const attemptsMax = 3;
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const child = spawnOn(port);
    const ended = childExit(child);
    const endpoint = `http://127.0.0.1:${port}`;
    const problem = await problemOf(endpoint, ended, startMsMax);
    if (problem === undefined && child.pid !== undefined) {
      return { child, pid: child.pid, endpoint, ended };
    }
    await killGuarded(child);
    if (attempt < attemptsMax && /address.*in use|BindException/i.test(problem ?? '')) continue;
    throw new ServerUnavailable(name, problem ?? 'the process was not started', remedy);
  }
}

/** Resolves with `undefined` once the server responds, else with the reason why it doesn't. */
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
    const isUp = await responds(endpoint);
    if (end !== undefined) return end.split('\n').slice(-3).join(' ');
    if (isUp) return undefined;
    await Promise.race([delay(POLL_MS), gone]);
  }
  return `no response within ${startMsMax / 1000} s`;
}

function responds(endpoint: string): Promise<boolean> {
  return new Promise((resolve) => {
    const headers = {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'DynamoDB_20120810.ListTables',
      ...UNSIGNED_HEADERS,
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
