/**
 * The thread that watches the main thread of its process: for code that does not return to the event loop, and for
 * memory without an end. What it sees it writes into a file; then it ends the process, which can't do so itself.
 */
import { writeFileSync } from 'node:fs';
import { type Debugger, Session } from 'node:inspector/promises';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { workerData } from 'node:worker_threads';
import type { Frame, WatchdogData, WatchdogReport } from './watchdog-report.ts';

const { beats, stuckMsMax, memoryBytesMax, bundle, reportFile } = workerData as WatchdogData;
const CHECK_EVERY_MS = 50;
/** Code that runs stops for the debugger at once; a call that blocks in the system never does. */
const PAUSE_MS_MAX = 1_000;

let [beat, beatAt] = [0, performance.now()];
for (;;) {
  await delay(CHECK_EVERY_MS);
  const now = performance.now();
  const seen = Atomics.load(beats, 0);
  if (seen !== beat) [beat, beatAt] = [seen, now];
  const memoryBytes = process.memoryUsage.rss();
  if (memoryBytes > memoryBytesMax) {
    end({ kind: 'memory', memoryBytes, frames: (await framesOfMainThread()) ?? [] });
  }
  if (now - beatAt < stuckMsMax) continue;
  const frames = await framesOfMainThread();
  // The simulator may take its time, where the handler may not.
  const isSimulator = frames !== undefined && !frames.some(({ url }) => url.endsWith(bundle));
  if (isSimulator) beatAt = performance.now();
  else end({ kind: 'stuck', ms: Math.round(now - beatAt), frames: frames ?? [] });
}

function end(report: WatchdogReport): never {
  writeFileSync(reportFile, JSON.stringify(report));
  process.kill(process.pid, 'SIGKILL');
  throw new Error('killed');
}

/** Where it is, innermost first; undefined: it can't be stopped. */
async function framesOfMainThread(): Promise<readonly Frame[] | undefined> {
  const session = new Session();
  session.connectToMainThread();
  const urls = new Map<string, string>();
  session.on('Debugger.scriptParsed', ({ params }) => urls.set(params.scriptId, params.url));
  try {
    const paused = new Promise<readonly Debugger.CallFrame[]>((resolve) => {
      session.once('Debugger.paused', ({ params }) => resolve(params.callFrames));
    });
    // A thread that loops answers the first only once the second has stopped it.
    const asked = [session.post('Debugger.enable'), session.post('Debugger.pause')];
    const frames = await Promise.race([paused, delay(PAUSE_MS_MAX, undefined)]);
    if (frames !== undefined) asked.push(session.post('Debugger.resume'));
    for (const each of asked) each.catch(() => {});
    return frames?.map(({ functionName, location }) => ({
      functionName,
      url: urls.get(location.scriptId) ?? '',
      line: location.lineNumber,
      column: location.columnNumber ?? 0,
    }));
  } finally {
    session.disconnect();
  }
}
