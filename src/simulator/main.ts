/** Where bin/simulate.js comes in: real clock, real dice for the seed, the winner game. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { setFlagsFromString } from 'node:v8';
import type { Run } from './cli/command.ts';
import { runProcess } from './cli/process.ts';
import { winner } from './workload/winner/winner.ts';

const packageFile = new URL('../../package.json', import.meta.url);
const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string };
const nowMs = (): number => performance.now();
const draw = (): string => randomBytes(4).toString('hex');

const run: Run = async (options, context) => {
  // Loaded when they are needed: neither help nor a mistyped flag has to wait for the SDKs.
  const runner = await import('./run/run.ts');
  const parts = { ...context, workload: winner, options, wallNow: nowMs };
  const { tables } = winner;
  if (options.world === 'memory') {
    const [{ openMemory }, { createLoop }, { runTwice }] = await Promise.all([
      import('./world/memory/open.ts'),
      import('./world/memory/loop.ts'),
      import('./run/twice.ts'),
    ]);
    // V8 lets a heap grow to several times what is in use; a long run has no memory to give away.
    if (options.count > FRUGAL_ABOVE) setFlagsFromString('--heap-growing-percent=25');
    const runOnce = (readers: typeof parts.readers) => {
      // Somebody's handler may do more than await promises.
      const loop = createLoop(VIRTUAL_START_MS, options.handler === undefined ? undefined : 1);
      return runner.run({
        ...parts,
        readers,
        now: loop.now,
        openWorld: (history, guard) => openMemory({ options, history, loop, tables, guard }),
      });
    };
    return runTwice(
      () => runOnce(parts.readers),
      () => runOnce([]),
    );
  }
  const { openLocalWorld } = await import('./world/local.ts');
  return runner.run({
    ...parts,
    now: nowMs,
    openWorld: (history) =>
      openLocalWorld({
        options,
        tables,
        history,
        environment: process.env,
        stage: `simulate-${draw()}`,
      }),
  });
};

/** Events. */
const FRUGAL_ABOVE = 300_000;

/** When the game began. */
const VIRTUAL_START_MS = Date.parse('2017-03-28T23:52:53.763Z');

runProcess(run, { version, workloadDefaults: winner.defaults, drawSeed: draw, nowMs });
