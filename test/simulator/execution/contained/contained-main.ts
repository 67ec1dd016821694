/** A contained process of the tests: evaluates the bundle, and calls its handler when it is told to. */
import process from 'node:process';
import type { ContainedInput } from '../../../../src/simulator/execution/contained/contain.ts';
import { startWatchdog } from '../../../../src/simulator/execution/contained/watchdog.ts';
import { compileBundle } from '../../../../src/simulator/execution/virtual/evaluate-bundle.ts';

export interface Told {
  readonly stuckMsMax: number;
  readonly memoryMb: number;
  /** Real milliseconds for which the simulator itself is busy, beforehand. */
  readonly busyMs: number;
}

process.once('message', async ({ input, bundle, reportFile }: ContainedInput<Told>) => {
  if (bundle === undefined) throw new Error('no bundle');
  const { stuckMsMax, memoryMb, busyMs } = input;
  const memoryBytesMax = process.memoryUsage.rss() + memoryMb * 1024 * 1024;
  await startWatchdog({ stuckMsMax, memoryBytesMax, bundle: bundle.file, reportFile });
  const until = performance.now() + busyMs;
  while (performance.now() < until);
  const evaluate = compileBundle(bundle);
  const { handler } = (await evaluate()) as { handler(): unknown };
  process.send?.({ loaded: true });
  process.send?.({ returned: await handler() });
  process.disconnect();
});
