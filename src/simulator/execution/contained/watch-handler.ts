/** Watches the handler in this process, which is contained. */
import process from 'node:process';
import { readFunctionDefinition } from '../../stack-template.ts';
import type { ContainedInput } from './contain.ts';
import { startWatchdog } from './watchdog.ts';

/** A loop that takes longer is taken for one without an end. */
const STUCK_MS_MAX = 10_000;
/** For the simulator itself, beside the function's memory. */
const SIMULATOR_MB = 1_024;

export async function watchHandler({ bundle, reportFile }: ContainedInput<unknown>): Promise<void> {
  if (bundle === undefined) return;
  const { memoryMb } = readFunctionDefinition('contained');
  await startWatchdog({
    stuckMsMax: STUCK_MS_MAX,
    memoryBytesMax: process.memoryUsage.rss() + (memoryMb + SIMULATOR_MB) * 1024 * 1024,
    bundle: bundle.file,
    reportFile,
  });
}
