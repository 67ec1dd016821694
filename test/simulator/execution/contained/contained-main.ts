/** A contained process of the tests: evaluates the bundle, and calls its handler when it is told to. */
import process from 'node:process';
import type { HandlerBundle } from '../../../../src/simulator/execution/bundle-handler.ts';
import type { ContainedInput } from '../../../../src/simulator/execution/contained/contain.ts';
import { startWatchdog } from '../../../../src/simulator/execution/contained/watchdog.ts';
import { compileBundle } from '../../../../src/simulator/execution/virtual/evaluate-bundle.ts';

export interface Told {
  readonly bundle: HandlerBundle;
  readonly stuckMsMax: number;
  readonly memoryMb: number;
  /** Real milliseconds for which the simulator itself is busy, beforehand. */
  readonly busyMs: number;
}

process.once('message', async ({ input, reportFile }: ContainedInput<Told>) => {
  const { bundle, stuckMsMax, memoryMb, busyMs } = input;
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
