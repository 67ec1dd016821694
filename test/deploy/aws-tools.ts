/** moto, which answers as AWS does, and cfn-lint: Python programs in a virtual environment of the project's own. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { killGuarded, spawnGuarded } from '../../src/simulator/servers/guard.ts';

const run = promisify(execFile);
const HERE = fileURLToPath(new URL('.', import.meta.url));
const CACHE = path.join(HERE, '../../node_modules/.cache/winner-view');
const START_MS_MAX = 30_000;

/** The folder of their programs. Installs them from the package index where this version isn't yet. */
export async function installAwsTools(): Promise<string> {
  const requirements = path.join(HERE, 'requirements.txt');
  const hash = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex');
  const folder = path.join(CACHE, `aws-tools-${hash.slice(0, 12)}`);
  const bin = path.join(folder, 'bin');
  const isComplete = path.join(folder, 'complete');
  if (existsSync(isComplete)) return bin;
  // What an interrupted installation left.
  await rm(folder, { recursive: true, force: true });
  try {
    await run('python3', ['-m', 'venv', folder]);
  } catch (error) {
    throw new Error(
      'test:deploy needs python3 with venv (on Debian: apt-get install python3-venv)',
      {
        cause: error,
      },
    );
  }
  await run(path.join(bin, 'pip'), ['install', '--quiet', '--requirement', requirements]);
  await writeFile(isComplete, '');
  return bin;
}

export interface Moto {
  readonly endpoint: string;
  /** All that it has said. */
  log(): string;
  stop(): Promise<void>;
}

/** On a free port of this machine, empty; gone with this process. */
export async function startMoto(bin: string): Promise<Moto> {
  const child = spawnGuarded(path.join(bin, 'python'), [path.join(HERE, 'moto_server.py')], {
    env: { PATH: process.env['PATH'], PYTHONUNBUFFERED: '1' },
  });
  let log = '';
  const endpoint = await new Promise<string>((resolve, reject) => {
    const hear = (text: string): void => {
      log += text;
      const found = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(log)?.[1];
      if (found !== undefined) resolve(found);
    };
    child.stdout?.setEncoding('utf8').on('data', hear);
    child.stderr?.setEncoding('utf8').on('data', hear);
    child.once('exit', () => reject(new Error(`moto ended:\n${log}`)));
    setTimeout(() => reject(new Error(`moto is silent:\n${log}`)), START_MS_MAX).unref();
  }).catch(async (error: unknown) => {
    await killGuarded(child);
    throw error;
  });
  return { endpoint, log: () => log, stop: () => killGuarded(child) };
}
