/**
 * The real command as a child process, and what it leaves behind, as a shell and a system see them.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { RunResult } from '../../src/simulator/model/run-result.ts';

const COMMAND = fileURLToPath(new URL('../../bin/simulate.js', import.meta.url));

export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Simulation {
  readonly child: ChildProcessWithoutNullStreams;
  readonly ended: Promise<Ended>;
  /** Resolves when stderr has this text; rejects if the command ends without. */
  said(text: string): Promise<void>;
}

export interface Place {
  readonly cwd?: string;
  /** Set on top of this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
}

export function start(argv: readonly string[], { cwd, env }: Place = {}): Simulation {
  // Without Jest's own options for Node.
  const { NODE_OPTIONS: _ours, ...inherited } = process.env;
  // A test that is not about what is kept leaves nothing behind.
  const isRun = argv[0] === undefined || argv[0].startsWith('--');
  const keeps = !isRun || argv.some((word) => /^--(no-)?out\b/.test(word));
  const child = spawn(process.execPath, [COMMAND, ...argv, ...(keeps ? [] : ['--no-out'])], {
    env: { ...inherited, ...env },
    ...(cwd === undefined ? {} : { cwd }),
  });
  let stdout = '';
  let stderr = '';
  const listeners = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
    for (const listener of listeners) listener();
  });
  const ended = once(child, 'close').then(
    ([status, signal]): Ended => ({ status, signal, stdout, stderr }),
  );
  const said = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const listener = (): void => {
        if (!stderr.includes(text)) return;
        listeners.delete(listener);
        resolve();
      };
      listeners.add(listener);
      ended.then(() => reject(new Error(`ended without saying ${text}:\n${stderr}`)), reject);
      listener();
    });
  return { child, ended, said };
}

export function simulate(...argv: string[]): Promise<Ended> {
  return start(argv).ended;
}

/** The result of `--json`, and the exit status beside it. */
export async function simulateJson(
  ...argv: string[]
): Promise<Ended & { readonly result: RunResult }> {
  const ended = await simulate(...argv, '--json');
  try {
    return { ...ended, result: JSON.parse(ended.stdout) };
  } catch (cause) {
    throw new Error(`no JSON, status ${ended.status}: ${ended.stdout}\n${ended.stderr}`, { cause });
  }
}

/**
 * A mark in the environment that identifies every process of a run, even after its parent has
 * ended.
 */
export interface Marked {
  readonly place: Place;
  /** Without zombies. */
  processes(): readonly { readonly pid: number; readonly command: string }[];
  files(): readonly string[];
  /**
   * Resolves when no process and no file is left. Polls for a bounded time, because the processes
   * are not children.
   */
  nothingLeft(): Promise<void>;
  remove(): Promise<void>;
}

/** A folder for temporary files, and a working folder, of its own for one run. */
export async function createMarked(): Promise<Marked> {
  const folder = await mkdtemp(path.join(tmpdir(), 'winner-view-e2e-'));
  const processes = () => {
    const found: { pid: number; command: string }[] = [];
    for (const name of readdirSync('/proc')) {
      if (!/^\d+$/.test(name) || Number(name) === process.pid) continue;
      try {
        // Kinesis's server has an empty environment, but the same working folder as the others.
        const isOurs =
          readlinkSync(`/proc/${name}/cwd`) === folder ||
          readFileSync(`/proc/${name}/environ`, 'utf8').includes(`TMPDIR=${folder}`);
        const isZombie = /^State:\s+[ZX]/m.test(readFileSync(`/proc/${name}/status`, 'utf8'));
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
        if (isOurs && !isZombie) found.push({ pid: Number(name), command });
      } catch {
        // It ended while we looked, or isn't ours to look at.
      }
    }
    return found;
  };
  const files = () => readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return {
    place: { cwd: folder, env: { TMPDIR: folder } },
    processes,
    files,
    async nothingLeft() {
      const LOOKS_MAX = 100;
      for (let looks = 0; looks < LOOKS_MAX; looks++) {
        if (processes().length === 0 && files().length === 0) return;
        await delay(20);
      }
      throw new Error(`left behind: ${JSON.stringify([...processes(), ...files()], null, 2)}`);
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
