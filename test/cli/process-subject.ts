/** A program like main.ts whose run does what its seed says. */
import type { Run } from '../../src/cli/command.ts';
import { runProcess } from '../../src/cli/process.ts';
import { SIMULATE } from '../../src/cli/simulate.ts';
import { sampleResult } from '../simulator/report/sample.ts';

const run: Run = async ({ seed }, { readers, signal }) => {
  for (const read of readers) read({ atMs: 0, type: 'stage-started', stage: 'push' });
  const aborted = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve());
  });
  switch (seed) {
    case 'lingers':
      setInterval(() => {}, 1000);
      return sampleResult({ verdict: 'diverged' });
    case 'waits': {
      const timer = setInterval(() => {}, 1000);
      await aborted;
      clearInterval(timer);
      process.stderr.write('cleaned up\n');
      throw signal.reason;
    }
    case 'throws-later':
      setTimeout(() => {
        throw new Error('later');
      });
      await aborted;
      throw signal.reason;
    case 'rejects-later':
      setTimeout(() => void Promise.reject(new Error('later')));
      await aborted;
      throw signal.reason;
    case 'forgets':
      return new Promise(() => {});
    case 'prints-much': {
      // By now the reader has gone; every write fails.
      await new Promise((resolve) => setTimeout(resolve, 100));
      return sampleResult({ notes: Array.from({ length: 20_000 }, () => 'a note') });
    }
    default:
      throw new Error(`no such subject: ${seed}`);
  }
};

runProcess(SIMULATE, run, {
  version: '0',
  drawSeed: () => 'drawn',
  nowMs: () => performance.now(),
});
