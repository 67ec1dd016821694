/** Kinesis servers written for Node: each in a small Node process of its own. */
import { moduleFile } from '../module-reference.ts';
import { killGuarded, spawnGuarded } from './guard.ts';
import { endOf } from './output.ts';
import type { Launched } from './server.ts';
import { ServerUnavailable } from './unavailable.ts';

const START_MS_MAX = 15_000;

export async function launchNodeServer(name: 'kinesalite' | 'kinesis-local'): Promise<Launched> {
  const main = moduleFile('./node-server-main.ts', import.meta.url);
  const child = spawnGuarded(process.execPath, ['--disable-warning=DEP0040', main, name], {
    // Its own environment: AWS_REGION and the like would leak into the ARNs it makes up.
    env: { PATH: process.env['PATH'], AWS_REGION: 'us-east-1', AWS_ACCOUNT_ID: '000000000000' },
  });
  const ended = endOf(child);
  const heard = new Promise<number>((resolve) => {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      const port = /^listening (\d+)$/m.exec(text)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
  });
  const timer = AbortSignal.timeout(START_MS_MAX);
  const late = new Promise<string>((resolve) => {
    timer.addEventListener('abort', () => resolve(`no answer within ${START_MS_MAX / 1000} s`));
  });
  const outcome = await Promise.race([heard, ended, late]);
  if (typeof outcome === 'string' || child.pid === undefined) {
    await killGuarded(child);
    throw new ServerUnavailable(
      name,
      String(outcome),
      'run npm ci, or name a server that runs with --kinesis-endpoint URL',
    );
  }
  return { child, pid: child.pid, endpoint: `http://127.0.0.1:${outcome}`, ended };
}
