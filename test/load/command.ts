/** The command of load runs as a child process. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));

export interface Ended {
  readonly status: number;
  /** Of both streams. */
  readonly output: string;
}

/** `environment`: laid over this process's own. */
export async function load(
  argv: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const { NODE_OPTIONS: _ours, ...inherited } = process.env;
  const child = spawn(process.execPath, ['load/main.ts', ...argv], {
    cwd: PROJECT,
    env: { ...inherited, ...environment },
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => output.push(text));
  }
  const [status] = await once(child, 'close');
  return { status, output: output.join('') };
}
