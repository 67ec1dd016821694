/** Entry of `npm run load`: real clock, real random source for the seed, this process's terminal. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import pc from 'picocolors';
import { runProcess } from '../src/cli/process.ts';
import { loadProgram } from './cli/load-command.ts';

const packageFile = new URL('../package.json', import.meta.url);
const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string };
const draw = (): string => randomBytes(4).toString('hex');

const { stdout } = process;
const program = loadProgram({
  style: { colour: stdout.isTTY === true && pc.isColorSupported, width: stdout.columns || 120 },
  // Compared with the arrival times of records.
  nowMs: Date.now,
  every(ms, call) {
    const timer = setInterval(call, ms);
    return () => clearInterval(timer);
  },
  pid: process.pid,
  environment: process.env,
  stage: () => `load-${draw()}`,
});

runProcess(program, () => Promise.reject(new Error('a load run is not a run of simulate')), {
  version,
  drawSeed: draw,
  nowMs: () => performance.now(),
  keep: async () => {
    const { createKeeper } = await import('../src/simulator/runs/store.ts');
    return createKeeper(() => new Date(), { 'winner-view': version, node: process.version });
  },
});
