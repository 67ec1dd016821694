/** One worker process, seen from outside: started, invoked, frozen, thawed, killed. */
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { SimulatorError } from '../../model/errors.ts';
import { moduleFile } from '../../module-reference.ts';
import { killGuarded, spawnGuarded } from '../../servers/guard.ts';
import type { ErrorReport, InvokeMessage, WorkerMessage } from './messages.ts';

/** How an invocation ended; what a returned value means is for the delivery to say. */
export type RawOutcome =
  | { readonly kind: 'returned'; readonly value: unknown }
  | { readonly kind: 'threw'; readonly error: ErrorReport }
  /** Killed at its timeout, where it stood. */
  | { readonly kind: 'timed-out' }
  /** The process died under it. */
  | { readonly kind: 'crashed'; readonly error: ErrorReport };

/** The handler can't be loaded, or there is none where there should be one. */
export class HandlerUnusable extends SimulatorError {
  override readonly name = 'HandlerUnusable';

  constructor(message: string) {
    super('usage', message);
  }
}

export interface WorkerOptions {
  readonly name: string;
  readonly handler: string;
  readonly env: NodeJS.ProcessEnv;
  /** Where it runs; where we do unless given. */
  readonly cwd?: string | undefined;
  readonly startMsMax: number;
  onOutput?(stream: 'stdout' | 'stderr', line: string): void;
  onNote?(text: string): void;
}

export interface Worker {
  readonly name: string;
  readonly pid: number;
  /** Resolves when the process is gone and all that it said has been heard. */
  readonly gone: Promise<Gone>;
  /** One at a time. Never rejects. The process is frozen after an answer, and dead after any other end. */
  invoke(message: Omit<InvokeMessage, 'type'>): Promise<RawOutcome>;
  kill(reason: string): Promise<void>;
}

export interface Gone {
  /** Whether we did it. */
  readonly how: 'killed' | 'exited';
  readonly reason: string;
}

/** Resolves with the handler loaded and the process frozen. Rejects with {@link HandlerUnusable}. */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const child = spawnGuarded(process.execPath, [MAIN, options.handler], {
    env: options.env,
    cwd: options.cwd,
    ipc: true,
  });
  const tail = captureOutput(child, options);
  let crash: ErrorReport | undefined;
  let killReason: string | undefined;
  let hear: (news: News) => void = () => {};
  let end: Gone | undefined;
  child.on('message', (message: WorkerMessage) => {
    if (message.type === 'note') options.onNote?.(message.text);
    else if (message.type === 'crashed') crash = message.error;
    else hear(message);
  });
  // A channel that breaks under a message means that the process is going: `gone` tells.
  child.on('error', () => {});
  const gone = goneOf(child).then((reason) => {
    end =
      killReason === undefined ? { how: 'exited', reason } : { how: 'killed', reason: killReason };
    hear(end);
    return end;
  });
  const kill = (reason: string): Promise<void> => {
    killReason ??= reason;
    return killGuarded(child);
  };
  const next = (limitMs: number): Promise<News | undefined> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, limitMs, undefined);
      hear = (news) => {
        clearTimeout(timer);
        hear = () => {};
        resolve(news);
      };
      if (end !== undefined) hear(end);
    });

  const first = await next(options.startMsMax);
  if (first === undefined || 'how' in first || first.type !== 'ready') {
    await kill('unusable');
    if (first !== undefined && 'type' in first && first.type === 'unusable') {
      throw new HandlerUnusable(first.error.message);
    }
    const what =
      crash?.message ??
      (first !== undefined && 'how' in first
        ? `the process ended while loading it (${first.reason})`
        : `not loaded within ${options.startMsMax / 1000} s`);
    throw new HandlerUnusable([`${options.handler}: ${what}`, ...tail()].join('\n'));
  }
  const pid = child.pid as number;
  freeze(pid);

  return {
    name: options.name,
    pid,
    gone,
    async invoke(message) {
      const answered = next(message.timeoutMs);
      signal(pid, 'SIGCONT');
      if (child.connected) child.send({ type: 'invoke', ...message });
      const answer = await answered;
      if (answer === undefined) {
        await kill('timed out');
        return { kind: 'timed-out' };
      }
      if ('how' in answer) {
        return { kind: 'crashed', error: crash ?? died(answer.reason, tail()) };
      }
      freeze(pid);
      if (answer.type === 'returned') return { kind: 'returned', value: JSON.parse(answer.json) };
      return { kind: 'threw', error: (answer as { readonly error: ErrorReport }).error };
    },
    kill,
  };
}

/** What a worker is waited for to say: a message, or that it is gone. */
type News = WorkerMessage | Gone;

const MAIN = moduleFile('./worker-main.ts', import.meta.url);
const TAIL_LINES = 20;
const LINE_CHARS = 2_000;

/** A process may be gone before its last words have been read. */
function goneOf(child: ChildProcess): Promise<string> {
  const LAST_WORDS_MS_MAX = 250;
  return new Promise((resolve) => {
    child.once('exit', (status, signalName) => {
      const reason = signalName ?? `exit status ${status}`;
      // What the handler started may hold its output open, and then it never closes.
      const timer = setTimeout(resolve, LAST_WORDS_MS_MAX, reason);
      child.once('close', () => {
        clearTimeout(timer);
        resolve(reason);
      });
    });
  });
}

function freeze(pid: number): void {
  signal(pid, 'SIGSTOP');
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It is gone, and whoever waits for it hears so.
  }
}

function died(reason: string, tail: readonly string[]): ErrorReport {
  const message = [`the process ended during the invocation (${reason})`, ...tail].join('\n');
  return { name: 'WorkerDied', message };
}

/** Line by line to whoever wants them; the last lines are kept for an error message. */
function captureOutput(child: ChildProcess, options: WorkerOptions): () => readonly string[] {
  const tail: string[] = [];
  for (const stream of ['stdout', 'stderr'] as const) {
    const input = child[stream];
    if (input === null) continue;
    createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) => {
      tail.push(line.slice(0, LINE_CHARS));
      if (tail.length > TAIL_LINES) tail.shift();
      options.onOutput?.(stream, line);
    });
  }
  return () => tail;
}
