/** Watches this process from a thread of its own. */
import { Worker } from 'node:worker_threads';
import { moduleFile } from '../../module-reference.ts';
import type { WatchdogData, WatchdogOptions } from './watchdog-report.ts';

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
