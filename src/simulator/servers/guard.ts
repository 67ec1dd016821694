/**
 * Child processes that can't outlive this process, however it ends (SIGKILL included), even if they
 * are stopped (SIGSTOP).
 *
 * A small shell, the guard, reads a pipe whose other end only this process holds. Every child
 * writes its pid into the pipe before it executes its command, so the guard knows every running
 * child. The pipe ends when this process does; the guard then kills all registered children.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';

export interface GuardedOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string | undefined;
  /** Whether to open a channel for `process.send`. */
  readonly ipc?: boolean;
}

/** The child has its own process group: Ctrl-C on the terminal doesn't reach it. */
export function spawnGuarded(
  command: string,
  args: readonly string[],
  options: GuardedOptions = {},
): ChildProcess {
  const pipe = guardPipe();
  const child = spawn('/bin/sh', ['-c', REGISTER_THEN_EXEC, command, command, ...args], {
    stdio: ['ignore', 'pipe', 'pipe', pipe, ...(options.ipc === true ? (['ipc'] as const) : [])],
    detached: true,
    ...(options.env === undefined ? {} : { env: options.env }),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  child.once('exit', () => {
    if (child.pid !== undefined && !pipe.destroyed) pipe.write(`gone ${child.pid}\n`);
  });
  return child;
}

/** Kills a guarded child and its descendants, stopped or not. Resolves at its exit. Idempotent. */
export async function killGuarded(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Its process group may not exist.
    child.kill('SIGKILL');
  }
  await exited;
}

export interface GuardedFolder {
  readonly path: string;
  remove(): void;
}

/** A new folder for temporary files, registered with the guard before it exists. */
export function guardedFolder(): GuardedFolder {
  folders++;
  const path = join(tmpdir(), `winner-view-${process.pid}-${folders}`);
  const pipe = guardPipe();
  pipe.write(`folder ${path}\n`);
  mkdirSync(path, { mode: 0o700 });
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

let folders = 0;

// The command is `$0` as well, so that the shell's error messages name it.
const REGISTER_THEN_EXEC = 'echo "pid $$" >&3; exec 3>&-; exec "$@"';

const GUARD = `
trap '' INT TERM HUP QUIT
pids=
set --
while read -r verb which; do
  case $verb in
    pid) pids="$pids $which" ;;
    folder) set -- "$@" "$which" ;;
    gone)
      rest=
      for pid in $pids; do [ "$pid" = "$which" ] || rest="$rest $pid"; done
      pids=$rest ;;
  esac
done
for pid in $pids; do kill -KILL "-$pid" || kill -KILL "$pid"; done
rm -rf -- "$@"
`;

let running: Writable | undefined;

/** The guard's input. The guard starts with the first child, and again if it has died. */
function guardPipe(): Writable {
  if (running !== undefined && !running.destroyed) return running;
  const guard = spawn('/bin/sh', ['-c', GUARD], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  const pipe = guard.stdin;
  // A broken pipe: the next child starts another guard.
  pipe.on('error', () => pipe.destroy());
  guard.on('error', () => pipe.destroy());
  guard.on('exit', () => pipe.destroy());
  // Neither keeps this process alive.
  guard.unref();
  (pipe as Writable & { unref?: () => void }).unref?.();
  running = pipe;
  return pipe;
}
