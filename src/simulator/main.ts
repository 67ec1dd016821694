/** Where bin/simulate.js comes in: real clock, real dice for the seed, the winner game. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import type { Run } from './cli/command.ts';
import { runProcess } from './cli/process.ts';
import { winner } from './workload/winner/winner.ts';

const packageFile = new URL('../../package.json', import.meta.url);
const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string };
const nowMs = (): number => performance.now();
const draw = (): string => randomBytes(4).toString('hex');

const run: Run = async (options, context) => {
  // Loaded when they are needed: neither help nor a mistyped flag has to wait for the SDKs.
  const [runner, local] = await Promise.all([import('./run/run.ts'), import('./world/local.ts')]);
  return runner.run({
    ...context,
    workload: winner,
    options,
    now: nowMs,
    openWorld: (history) =>
      local.openLocalWorld({
        options,
        tables: winner.tables,
        history,
        environment: process.env,
        stage: `simulate-${draw()}`,
      }),
  });
};

runProcess(run, { version, workloadDefaults: winner.defaults, drawSeed: draw, nowMs });
