/** Runs the producers, and measures meanwhile how busy processes, lanes and machine are. */

import { PRODUCERS } from '../figures.ts';
import type { Produced } from '../runs/run-artillery.ts';
import type { ProcessorTime } from './processor-time.ts';

export interface PutStageParts {
  /** Runs the producers to their end; reports their process. */
  produce(onStarted: (pid: number) => void): Promise<Produced>;
  /** Whether they have put anything; before that they are starting. */
  hasBegun(): boolean;
  /** Processes that may be a limit, by their part in the run. */
  readonly processes: readonly { readonly name: string; readonly pid: number }[];
  readonly processorTime: ProcessorTime;
  /** Concurrent batches at most, and milliseconds of all invocations together so far. */
  readonly lanes?: { readonly count: number; invokedMs(): number };
  nowMs(): number;
  /** Calls repeatedly until the returned function is called. */
  every(ms: number, call: () => void): () => void;
}

export interface PutStage {
  readonly produced: Produced;
  /** Shares of one processor, by the process's part in the run. */
  readonly processors: Readonly<Record<string, number>>;
  /** Share of all processors of this machine. */
  readonly machineBusy: number;
  readonly lanes: { readonly count: number; readonly busy: number } | undefined;
}

const SAMPLE_MS = 250;

export async function putStage(parts: PutStageParts): Promise<PutStage> {
  const { processorTime, lanes } = parts;
  const pids = new Map(parts.processes.map(({ name, pid }): [string, number] => [name, pid]));
  const sample = () => ({
    atMs: parts.nowMs(),
    invokedMs: lanes?.invokedMs() ?? 0,
    machine: processorTime.ofMachine(),
    processes: new Map([...pids].map(([name, pid]) => [name, processorTime.ofProcess(pid)])),
  });
  let first = sample();
  let last = first;
  const stop = parts.every(SAMPLE_MS, () => {
    const now = sample();
    // A process has ended.
    if ([...now.processes.values()].includes(undefined)) return;
    last = now;
    if (!parts.hasBegun()) first = now;
  });
  try {
    const produced = await parts.produce((pid) => pids.set(PRODUCERS, pid));
    const tookMs = Math.max(1, last.atMs - first.atMs);
    const processors = [...last.processes].map(([name, ms = 0]): [string, number] => [
      name,
      (ms - (first.processes.get(name) ?? ms)) / tookMs,
    ]);
    const machineMs = last.machine.totalMs - first.machine.totalMs;
    return {
      produced,
      processors: Object.fromEntries(processors),
      machineBusy: (last.machine.busyMs - first.machine.busyMs) / Math.max(1, machineMs),
      lanes: lanes && {
        count: lanes.count,
        busy: (last.invokedMs - first.invokedMs) / (tookMs * lanes.count),
      },
    };
  } finally {
    stop();
  }
}
