/** A worker process: started, invoked, frozen, thawed, killed. */
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { moduleFile } from '../../module-reference.ts';
import { killGuarded, spawnGuarded } from '../../servers/guard.ts';
import { HandlerUnusable } from '../handler-unusable.ts';
import { createOutputTail } from '../output-tail.ts';
import type { ErrorReport, InvokeMessage, WorkerMessage, WorkerStart } from './messages.ts';

/** How an invocation ended. */
export type RawOutcome =
  | { readonly kind: 'returned'; readonly value: unknown }
  | { readonly kind: 'threw'; readonly error: ErrorReport }
  /** The process was killed at the time-out. */
  | { readonly kind: 'timed-out' }
  /** The process ended during the invocation. */
  | { readonly kind: 'crashed'; readonly error: ErrorReport };

export interface WorkerOptions {
  readonly name: string;
  readonly start: WorkerStart;
  readonly env: NodeJS.ProcessEnv;
  /** Default: this process's working directory. */
  readonly cwd?: string | undefined;
  readonly startMsMax: number;
  onOutput?(stream: 'stdout' | 'stderr', line: string): void;
  onNotSimulated?(feature: string): void;
}

export interface Worker {
  readonly name: string;
  readonly pid: number;
  /** Resolves when the process has ended and its output has been read. */
  readonly gone: Promise<Gone>;
  /** One at a time; never rejects. Leaves the process frozen, or dead if the handler didn't end. */
  invoke(message: Omit<InvokeMessage, 'type'>): Promise<RawOutcome>;
  kill(reason: string): Promise<void>;
}

export interface Gone {
  /** `killed` if we killed it. */
  readonly how: 'killed' | 'exited';
  readonly reason: string;
}

/** Resolves with the handler loaded and the process frozen. Rejects with HandlerUnusable. */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const child = spawnGuarded(process.execPath, [MAIN, JSON.stringify(options.start)], {
    env: options.env,
    cwd: options.cwd,
    ipc: true,
  });
  const channel = openChannel(child, options);
  const first = await channel.next(options.startMsMax);
  if (first === undefined || 'how' in first || first.type !== 'ready') {
    await channel.kill('unusable');
    throw unusable(options, first, channel);
  }
  const pid = child.pid as number;
  freeze(pid);
  return {
    name: options.name,
    pid,
    gone: channel.gone,
    async invoke(message) {
      const ended = channel.next(message.timeoutMs);
      signal(pid, 'SIGCONT');
      if (child.connected) child.send({ type: 'invoke', ...message });
      const event = await ended;
      if (event === undefined) {
        await channel.kill('timed out');
        return { kind: 'timed-out' };
      }
      if ('how' in event) {
        return { kind: 'crashed', error: channel.crash() ?? died(event.reason, channel.tail) };
      }
      freeze(pid);
      if (event.type === 'returned') return { kind: 'returned', value: JSON.parse(event.json) };
      return { kind: 'threw', error: (event as { readonly error: ErrorReport }).error };
    },
    kill: channel.kill,
  };
}

/** Everything that is received from a child process. */
interface Channel {
  readonly gone: Promise<Gone>;
  /** The last lines of output. */
  readonly tail: readonly string[];
  /** The uncaught error that ended the process. */
  crash(): ErrorReport | undefined;
  /** The next message, or the end of the process; undefined after the time limit. */
  next(limitMs: number): Promise<WorkerEvent | undefined>;
  kill(reason: string): Promise<void>;
}

type WorkerEvent = WorkerMessage | Gone;

function openChannel(child: ChildProcess, options: WorkerOptions): Channel {
  let crash: ErrorReport | undefined;
  let killReason: string | undefined;
  let receive: (event: WorkerEvent) => void = () => {};
  let end: Gone | undefined;
  child.on('message', (message: WorkerMessage) => {
    if (message.type === 'not-simulated') options.onNotSimulated?.(message.feature);
    else if (message.type === 'crashed') crash = message.error;
    else receive(message);
  });
  // Sending to a process that is ending fails; `gone` reports the end.
  child.on('error', () => {});
  const gone = exitOf(child).then((reason) => {
    end =
      killReason === undefined ? { how: 'exited', reason } : { how: 'killed', reason: killReason };
    receive(end);
    return end;
  });
  return {
    gone,
    tail: captureOutput(child, options),
    crash: () => crash,
    next: (limitMs) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, limitMs, undefined);
        receive = (event) => {
          clearTimeout(timer);
          receive = () => {};
          resolve(event);
        };
        if (end !== undefined) receive(end);
      }),
    kill(reason) {
      killReason ??= reason;
      return killGuarded(child);
    },
  };
}

const MAIN = moduleFile('./worker-main.ts', import.meta.url);
const TAIL_LINES = 20;
const LINE_CHARS = 2_000;

/** Resolves with the exit status, after the output has been read. */
function exitOf(child: ChildProcess): Promise<string> {
  const OUTPUT_MS_MAX = 250;
  return new Promise((resolve) => {
    child.once('exit', (status, signalName) => {
      const reason = signalName ?? `exit status ${status}`;
      // Descendants of the process may keep its output open forever.
      const timer = setTimeout(resolve, OUTPUT_MS_MAX, reason);
      child.once('close', () => {
        clearTimeout(timer);
        resolve(reason);
      });
    });
  });
}

/** Passes lines on, and keeps the last ones for error messages. */
function captureOutput(child: ChildProcess, options: WorkerOptions): readonly string[] {
  const tail = createOutputTail(TAIL_LINES);
  for (const stream of ['stdout', 'stderr'] as const) {
    const input = child[stream];
    if (input === null) continue;
    createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) => {
      tail.add(line.slice(0, LINE_CHARS));
      options.onOutput?.(stream, line);
    });
  }
  return tail.lines;
}

function unusable(
  { start, startMsMax }: WorkerOptions,
  first: WorkerEvent | undefined,
  channel: Channel,
): HandlerUnusable {
  if (first !== undefined && 'type' in first && first.type === 'unusable') {
    return new HandlerUnusable(first.error.message);
  }
  const problem =
    channel.crash()?.message ??
    (first !== undefined && 'how' in first
      ? `the process ended while loading it (${first.reason})`
      : `not loaded within ${startMsMax / 1000} s`);
  return new HandlerUnusable([`${start.handler.entry}: ${problem}`, ...channel.tail].join('\n'));
}

function died(reason: string, tail: readonly string[]): ErrorReport {
  const message = [`the process ended during the invocation (${reason})`, ...tail].join('\n');
  return { name: 'WorkerDied', message };
}

function freeze(pid: number): void {
  signal(pid, 'SIGSTOP');
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // The process has ended, which `gone` reports.
  }
}
