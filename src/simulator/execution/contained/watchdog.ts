/** Watches this process from a thread of its own. */
import { Worker } from 'node:worker_threads';
import { moduleFile } from '../../module-reference.ts';

export interface WatchdogOptions {
  /** How long the handler's code may run without returning to the event loop, in real milliseconds. */
  readonly stuckMsMax: number;
  /** Of the whole process. */
  readonly memoryBytesMax: number;
  /** The file whose code is the handler's. */
  readonly bundle: string;
  /** What the watchdog saw is in it when it has ended the process. */
  readonly reportFile: string;
}

export type WatchdogReport =
  | { readonly kind: 'stuck'; readonly ms: number; readonly frames: readonly Frame[] }
  | { readonly kind: 'memory'; readonly memoryBytes: number; readonly frames: readonly Frame[] };

/** One of the stack; line and column are counted from 0, in the bundle. */
export interface Frame {
  readonly functionName: string;
  readonly url: string;
  readonly line: number;
  readonly column: number;
}

export interface WatchdogData extends WatchdogOptions {
  readonly beats: Int32Array;
}

/** Resolves when it watches. It doesn't keep the process running. */
export async function startWatchdog(options: WatchdogOptions): Promise<void> {
  const beats = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const workerData: WatchdogData = { ...options, beats };
  const thread = new Worker(moduleFile('./watchdog-thread.ts', import.meta.url), { workerData });
  await new Promise((resolve, reject) => {
    thread.once('online', resolve);
    thread.once('error', reject);
  });
  thread.unref();
  setInterval(() => Atomics.add(beats, 0, 1), BEAT_EVERY_MS).unref();
}

const BEAT_EVERY_MS = 20;
