/** Kinesis servers written for Node, each in a process of its own. */
import { moduleFile } from '../module-reference.ts';
import { childExit } from './child-exit.ts';
import { killGuarded, spawnGuarded } from './guard.ts';
import type { LaunchedServer } from './launched-server.ts';
import { ServerUnavailable } from './server-unavailable.ts';

const START_MS_MAX = 15_000;

export async function launchNodeServer(
  name: 'kinesalite' | 'kinesis-local',
): Promise<LaunchedServer> {
  const main = moduleFile('./node-server-main.ts', import.meta.url);
  const child = spawnGuarded(process.execPath, ['--disable-warning=DEP0040', main, name], {
    // Without the variables of the shell: AWS_REGION, for example, would become part of the
    // stream's ARN.
    env: { PATH: process.env['PATH'], AWS_REGION: 'us-east-1', AWS_ACCOUNT_ID: '000000000000' },
  });
  const ended = childExit(child);
  const listening = new Promise<number>((resolve) => {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      const port = /^listening (\d+)$/m.exec(text)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
  });
  const timer = AbortSignal.timeout(START_MS_MAX);
  const late = new Promise<string>((resolve) => {
    timer.addEventListener('abort', () => resolve(`no response within ${START_MS_MAX / 1000} s`));
  });
  const outcome = await Promise.race([listening, ended, late]);
  if (typeof outcome === 'string' || child.pid === undefined) {
    await killGuarded(child);
    const remedy = 'run npm ci, or use --kinesis-endpoint URL of a running server';
    throw new ServerUnavailable(name, String(outcome), remedy);
  }
  return { child, pid: child.pid, endpoint: `http://127.0.0.1:${outcome}`, ended };
}
