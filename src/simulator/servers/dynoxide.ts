/** Dynoxide, a DynamoDB server as a native binary. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { spawnGuarded } from './guard.ts';
import { launchOnFreePort } from './launch-on-free-port.ts';
import type { LaunchedServer } from './launched-server.ts';
import { packageFolder } from './package-folder.ts';
import { ServerUnavailable } from './server-unavailable.ts';

const REMEDY =
  'use --dynamodb-server dynamodb-local (needs Java), or --dynamodb-endpoint URL of a running server';

export async function launchDynoxide(): Promise<LaunchedServer> {
  const binary = findBinary();
  if (binary === undefined) {
    const problem = isSupported()
      ? 'its package @dynoxide/linux-x64 is not installed'
      : `it runs on linux-x64 only, this is ${process.platform}-${process.arch}`;
    throw new ServerUnavailable('dynoxide', problem, REMEDY);
  }
  return launchOnFreePort('dynoxide', REMEDY, 10_000, (port) =>
    spawnGuarded(binary, ['serve', '--host', '127.0.0.1', '-p', String(port)], {
      env: { PATH: process.env['PATH'] },
    }),
  );
}

function isSupported(): boolean {
  return process.platform === 'linux' && process.arch === 'x64';
}

function findBinary(): string | undefined {
  if (!isSupported()) return undefined;
  const folder = packageFolder('@dynoxide/linux-x64');
  const binary = folder === undefined ? undefined : join(folder, 'dynoxide');
  return binary !== undefined && existsSync(binary) ? binary : undefined;
}
