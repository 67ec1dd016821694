import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ListStreamsCommand } from '@aws-sdk/client-kinesis';
import { describe, expect, jest, test } from '@jest/globals';
import {
  LOCAL_CREDENTIALS,
  LOCAL_REGION,
} from '../../../src/simulator/servers/local-credentials.ts';
import {
  DYNAMODB_SERVERS,
  KINESIS_SERVERS,
  startServer,
} from '../../../src/simulator/servers/server.ts';
import { ServerUnavailable } from '../../../src/simulator/servers/server-unavailable.ts';
import { localKinesisClient } from '../../../src/simulator/stream/kinesis-client.ts';

const LOCAL = { region: LOCAL_REGION, credentials: LOCAL_CREDENTIALS };
// Starting a server takes longer on a busy machine.
jest.setTimeout(20_000);
const PARENT = fileURLToPath(new URL('./process-with-children.ts', import.meta.url));

describe('a local server', () => {
  test.each([...KINESIS_SERVERS])('%s responds once it is started', async (name) => {
    const server = await startServer(name);
    const client = localKinesisClient({ ...LOCAL, endpoint: server.endpoint });
    try {
      expect((await client.send(new ListStreamsCommand({}))).StreamNames).toEqual([]);
    } finally {
      client.destroy();
      await server.stop();
    }
  });

  test.each([...DYNAMODB_SERVERS])('%s responds once it is started', async (name) => {
    const server = await startServer(name);
    const client = new DynamoDBClient({ ...LOCAL, endpoint: server.endpoint });
    try {
      expect((await client.send(new ListTablesCommand({}))).TableNames).toEqual([]);
    } finally {
      client.destroy();
      await server.stop();
    }
  });

  test('stops quickly; stopping it again does nothing', async () => {
    const server = await startServer('kinesalite');
    const before = performance.now();
    await server.stop();
    expect(performance.now() - before).toBeLessThan(300);
    expect(isRunning(server.pid)).toBe(false);
    await server.stop();
    await expect(server.ended).resolves.toEqual(expect.any(String));
  });

  test('that cannot be started rejects with the problem and the remedy', async () => {
    const home = process.env['JAVA_HOME'];
    process.env['JAVA_HOME'] = '/nowhere';
    try {
      const start = startServer('dynamodb-local');
      await expect(start).rejects.toBeInstanceOf(ServerUnavailable);
      await expect(start).rejects.toThrow(/nowhere.*install Java 17/);
    } finally {
      if (home === undefined) delete process.env['JAVA_HOME'];
      else process.env['JAVA_HOME'] = home;
    }
  });
});

describe('guarded children', () => {
  test('and their folders end when their parent is killed, stopped children included', async () => {
    const parent = spawn(process.execPath, [PARENT], { stdio: ['ignore', 'pipe', 'inherit'] });
    const { pids, folders } = await childrenOf(parent);
    expect(pids).toHaveLength(4);
    expect(pids.every(isRunning)).toBe(true);
    expect(folders.every((folder) => existsSync(folder))).toBe(true);

    parent.kill('SIGKILL');
    await once(parent, 'exit');
    await until(() => !pids.some(isRunning) && !folders.some((folder) => existsSync(folder)));
  });

  test('end when an exception ends their parent', async () => {
    const parent = spawn(process.execPath, [PARENT, 'throw'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const exited = once(parent, 'exit');
    const { pids } = await childrenOf(parent);
    await exited;
    await until(() => !pids.some(isRunning));
  });
});

interface Children {
  readonly pids: readonly number[];
  readonly folders: readonly string[];
}

async function childrenOf(parent: ChildProcess): Promise<Children> {
  const lines = createInterface({ input: parent.stdout as NodeJS.ReadableStream });
  const [line] = (await once(lines, 'line')) as [string];
  return JSON.parse(line);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Polls, as there is no event for the end of another process's child. */
async function until(condition: () => boolean): Promise<void> {
  for (let polls = 0; polls < 200; polls++) {
    if (condition()) return;
    await delay(10);
  }
  throw new Error('the condition did not hold within 2 s');
}
