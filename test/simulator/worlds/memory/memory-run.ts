/** A run of the game in the memory world, in this process or in one of its own. */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { defaultOptions } from '../../../../src/cli/options/run-options.ts';
import type { HandlerLoader } from '../../../../src/simulator/execution/virtual/shipped.ts';
import type { HistoryReader } from '../../../../src/simulator/history/history.ts';
import type { RunOptions } from '../../../../src/simulator/model/run-options.ts';
import type { RunResult } from '../../../../src/simulator/model/run-result.ts';
import { deliverByMapping } from '../../../../src/simulator/run/deliver/mapping.ts';
import { run } from '../../../../src/simulator/run/run.ts';
import { winner } from '../../../../src/simulator/workload/winner/winner.ts';
import { openWorld } from '../../../../src/simulator/worlds/open-world.ts';

export function memoryOptions(changes: Partial<RunOptions>): RunOptions {
  const { seed = 'S', count = 200, shuffle = true } = changes;
  const defaults = defaultOptions({ seed, count, shuffle });
  return { ...defaults, ...changes, world: 'memory' };
}

export interface MemoryRun {
  readonly read?: HistoryReader;
  /** In place of the shipped handler. */
  readonly load?: HandlerLoader;
}

export async function runMemory(
  changes: Partial<RunOptions>,
  { read, load }: MemoryRun = {},
): Promise<RunResult> {
  const options = memoryOptions(changes);
  return run({
    workload: winner,
    options,
    world: openWorld('memory', options, { workload: winner, overrides: { load } }),
    deliver: deliverByMapping,
    readers: read === undefined ? [] : [read],
  });
}

const PROCESS = fileURLToPath(new URL('./memory-run-process.ts', import.meta.url));

/** Runs in sequence in another process, where Node itself loads a handler's modules, not Jest. */
export async function runElsewhere(
  runs: readonly Partial<RunOptions>[],
): Promise<readonly RunResult[]> {
  const { NODE_OPTIONS: _ours, ...env } = process.env;
  const child = spawn(process.execPath, [PROCESS], { env, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.end(JSON.stringify(runs));
  const [out, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  try {
    return JSON.parse(out) as RunResult[];
  } catch {
    throw new Error(`the runs failed: ${out}\n${errors}`);
  }
}
