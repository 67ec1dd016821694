/**
 * A process in which a handler can do its worst: its parent learns how it ended, and where the handler's code was.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import type { RunFailure } from '../../model/failure.ts';
import { guardedFolder, killGuarded, spawnGuarded } from '../../servers/guard.ts';
import type { HandlerBundle } from '../bundle-handler.ts';
import { createSourceLines } from '../source-lines.ts';
import type { WatchdogReport } from './watchdog-report.ts';

export interface ContainOptions<Input> {
  /** The module that the process runs. It receives {@link ContainedInput} as its first message. */
  readonly main: string;
  readonly args?: readonly string[];
  readonly input: Input;
  /** The handler that it runs, if that is not the shipped one. */
  readonly bundle: HandlerBundle | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly nodeFlags?: readonly string[];
  /** Whether it prints where this process does. */
  readonly inheritsOutput?: boolean;
  onMessage?(message: unknown): void;
}

/** What a contained process is told before anything else. */
export interface ContainedInput<Input> {
  readonly input: Input;
  readonly bundle: HandlerBundle | undefined;
  readonly reportFile: string;
}

export interface ContainedEnd {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The handler did not let the process go on. */
  readonly failure?: RunFailure;
}

export interface Contained {
  readonly ended: Promise<ContainedEnd>;
  send(message: unknown): void;
  signal(name: NodeJS.Signals): void;
  /** At once, wherever it is. */
  kill(): Promise<void>;
}

export function contain<Input>(options: ContainOptions<Input>): Contained {
  const { main, args = [], input, bundle, env, nodeFlags = [], inheritsOutput = false } = options;
  const folder = guardedFolder();
  const reportFile = path.join(folder.path, 'watchdog.json');
  const child = spawnGuarded(process.execPath, [...nodeFlags, main, ...args], {
    ...{ env, ipc: 'advanced', inheritsOutput },
  });
  child.on('message', (message) => options.onMessage?.(message));
  // A channel that breaks under a message: `ended` tells.
  child.on('error', () => {});
  const first: ContainedInput<Input> = { input, bundle, reportFile };
  child.send(first, () => {});
  const ended = new Promise<ContainedEnd>((resolve) => {
    child.once('exit', (status, signal) => {
      const failure = failureOf(reportFile, bundle);
      folder.remove();
      resolve({ status, signal, ...(failure === undefined ? {} : { failure }) });
    });
  });
  return {
    ended,
    send: (message) => {
      if (child.connected) child.send(message as object, () => {});
    },
    signal: (name) => child.kill(name),
    kill: () => killGuarded(child),
  };
}

function failureOf(reportFile: string, bundle: HandlerBundle | undefined): RunFailure | undefined {
  if (bundle === undefined || !existsSync(reportFile)) return undefined;
  const report = JSON.parse(readFileSync(reportFile, 'utf8')) as WatchdogReport;
  const lines = createSourceLines(bundle);
  const place = report.frames
    .filter(({ url }) => url.endsWith(bundle.file))
    .map(({ line, column }) => lines.placeOf(line, column))
    .find((found) => found !== undefined);
  const at = place === undefined ? '' : ` (${place})`;
  const error =
    report.kind === 'stuck'
      ? `it ran for ${Math.round(report.ms / 1000)} s without returning to the event loop${at}: ` +
        'in Lambda the time-out ends such an invocation'
      : `its process needs ${Math.round(report.memoryBytes / MB)} MB${at}: ` +
        'in Lambda the memory limit ends such an invocation';
  return { kind: 'handler-error', error };
}

const MB = 1024 * 1024;
