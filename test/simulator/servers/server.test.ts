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
  DYNAMODB_SERVERS,
  KINESIS_SERVERS,
  ServerUnavailable,
  startServer,
} from '../../../src/simulator/servers/server.ts';
import { localKinesisClient } from '../../../src/simulator/stream/kinesis-client.ts';

const LOCAL = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
};
// A busy machine takes its time to start a server.
jest.setTimeout(20_000);
const OWNER = fileURLToPath(new URL('./owner.ts', import.meta.url));

describe('a local server', () => {
  test.each([...KINESIS_SERVERS])('%s answers as soon as it is started', async (name) => {
    const server = await startServer(name);
    const client = localKinesisClient({ ...LOCAL, endpoint: server.endpoint });
    try {
      expect((await client.send(new ListStreamsCommand({}))).StreamNames).toEqual([]);
    } finally {
      client.destroy();
      await server.stop();
    }
  });

  test.each([...DYNAMODB_SERVERS])('%s answers as soon as it is started', async (name) => {
    const server = await startServer(name);
    const client = new DynamoDBClient({ ...LOCAL, endpoint: server.endpoint });
    try {
      expect((await client.send(new ListTablesCommand({}))).TableNames).toEqual([]);
    } finally {
      client.destroy();
      await server.stop();
    }
  });

  test('stops quickly, and may be stopped again', async () => {
    const server = await startServer('kinesalite');
    const before = performance.now();
    await server.stop();
    expect(performance.now() - before).toBeLessThan(300);
    expect(isRunning(server.pid)).toBe(false);
    await server.stop();
    await expect(server.ended).resolves.toEqual(expect.any(String));
  });

  test('says what is wrong and what would be right', async () => {
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

describe('when the process that started them is killed', () => {
  test('its servers, its frozen worker and their files go too', async () => {
    const owner = spawn(process.execPath, [OWNER], { stdio: ['ignore', 'pipe', 'inherit'] });
    const { pids, folders } = await ownedBy(owner);
    expect(pids).toHaveLength(4);
    expect(pids.every(isRunning)).toBe(true);
    expect(folders.every((folder) => existsSync(folder))).toBe(true);

    owner.kill('SIGKILL');
    await once(owner, 'exit');
    await until(() => !pids.some(isRunning) && !folders.some((folder) => existsSync(folder)));
  });

  test('and when it ends by an exception', async () => {
    const owner = spawn(process.execPath, [OWNER, 'throw'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const exited = once(owner, 'exit');
    const { pids } = await ownedBy(owner);
    await exited;
    await until(() => !pids.some(isRunning));
  });
});

interface Owned {
  readonly pids: readonly number[];
  readonly folders: readonly string[];
}

async function ownedBy(owner: ChildProcess): Promise<Owned> {
  const lines = createInterface({ input: owner.stdout as NodeJS.ReadableStream });
  const [line] = (await once(lines, 'line')) as [string];
  return JSON.parse(line);
}

/** A zombie is not running. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Nothing tells of a stranger's end: look, for a bounded time. */
async function until(condition: () => boolean): Promise<void> {
  for (let looks = 0; looks < 200; looks++) {
    if (condition()) return;
    await delay(10);
  }
  throw new Error('it did not come about within 2 s');
}
