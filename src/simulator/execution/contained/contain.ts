/**
 * A process in which a handler can do its worst: its parent sees how it ended, and where the handler's code was.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { guardedFolder, killGuarded, spawnGuarded } from '../../servers/guard.ts';
import type { HandlerBundle } from '../bundle-handler.ts';
import { createSourceLines } from '../source-lines.ts';
import type { WatchdogReport } from './watchdog.ts';

export interface ContainOptions<Input> {
  /** The module that the process runs. It receives `input` as its first message. */
  readonly main: string;
  readonly input: Input;
  readonly bundle: HandlerBundle;
  readonly env: NodeJS.ProcessEnv;
  readonly memoryMb: number;
  readonly nodeFlags?: readonly string[];
  onMessage(message: unknown): void;
  onOutput?(line: string): void;
}

/** What a contained process is told before anything else. */
export interface ContainedInput<Input> {
  readonly input: Input;
  readonly reportFile: string;
}

export type ContainedEnd =
  | { readonly kind: 'ended'; readonly status: number | null; readonly signal: string | null }
  /** The handler's code ran for so long without returning to the event loop. */
  | { readonly kind: 'stuck'; readonly ms: number; readonly place: string | undefined }
  /** It needed more memory than the function has. */
  | { readonly kind: 'memory'; readonly memoryMb: number; readonly place: string | undefined };

export interface Contained {
  readonly ended: Promise<ContainedEnd>;
  send(message: unknown): void;
  /** At once, wherever it is. */
  kill(): Promise<void>;
}

export function contain<Input>(options: ContainOptions<Input>): Contained {
  const folder = guardedFolder();
  const reportFile = path.join(folder.path, 'watchdog.json');
  const { nodeFlags = [], memoryMb } = options;
  const flags = [
    // The watchdog is to see it first: it can say where.
    `--max-old-space-size=${memoryMb + HEAP_RESERVE_MB}`,
    ...nodeFlags,
  ];
  const child = spawnGuarded(process.execPath, [...flags, options.main], {
    env: options.env,
    ipc: 'advanced',
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => options.onOutput?.(text));
  }
  child.on('message', options.onMessage);
  // A channel that breaks under a message: `ended` tells.
  child.on('error', () => {});
  const first: ContainedInput<Input> = { input: options.input, reportFile };
  child.send(first);
  const ended = new Promise<ContainedEnd>((resolve) => {
    child.once('exit', (status, signal) => {
      const report = readReport(reportFile);
      folder.remove();
      resolve(endOf(options, report) ?? { kind: 'ended', status, signal });
    });
  });
  return {
    ended,
    send: (message) => {
      if (child.connected) child.send(message as object, () => {});
    },
    kill: () => killGuarded(child),
  };
}

const HEAP_RESERVE_MB = 512;

function readReport(file: string): WatchdogReport | undefined {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

function endOf(
  { bundle, memoryMb }: Pick<ContainOptions<unknown>, 'bundle' | 'memoryMb'>,
  report: WatchdogReport | undefined,
): ContainedEnd | undefined {
  if (report === undefined) return undefined;
  const lines = createSourceLines(bundle);
  const place = report.frames
    .filter(({ url }) => url.endsWith(bundle.file))
    .map(({ line, column }) => lines.placeOf(line, column))
    .find((found) => found !== undefined);
  return report.kind === 'stuck'
    ? { kind: 'stuck', ms: report.ms, place }
    : { kind: 'memory', memoryMb, place };
}
