/** Runs `npm run load` as a child process. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from '@jest/globals';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));

export interface Ended {
  readonly status: number;
  /** Of both streams. */
  readonly output: string;
}

/** `environment` extends this process's own. */
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

/** Expects 30 virtual users with 20 records each, all put and read, and all probes seen. */
// biome-ignore lint/suspicious/noExplicitAny: parsed JSON; each part is checked.
export function expectWhole(figures: any): void {
  expect(figures.users).toEqual({ arrived: 30, completed: 30, failed: 0, errors: {} });
  expect(figures.put).toMatchObject({ offered: 600, taken: 600, failed: 0 });
  expect(figures.stream).toMatchObject({ records: 600 + 2 * figures.lag.probes, lost: 0 });
  expect(figures.stream.copies).toBeGreaterThan(0);
  expect(figures.lag.probes).toBeGreaterThan(2);
  expect(figures.lag.seen).toBe(figures.lag.probes);
  expect(figures.lag.ms.p50).toBeGreaterThan(0);
  expect(figures.timeline.at(-1).backlog).toBe(0);
}
