/** The put stage: artillery runs, and meanwhile it is measured how busy everybody is. */
import type { Produced } from './artillery.ts';
import { PRODUCERS } from './limit.ts';
import type { ProcessorTime } from './processors.ts';

export interface PutStageParts {
  /** Runs the producers to their end; tells their process. */
  produce(onStarted: (pid: number) => void): Promise<Produced>;
  /** Whether they have put anything: before that, they only start. */
  hasBegun(): boolean;
  /** Those that may be a limit, by the part that they play. */
  readonly processes: readonly { readonly name: string; readonly pid: number }[];
  readonly processorTime: ProcessorTime;
  /** Concurrent batches at most, and milliseconds of all invocations together, so far. */
  readonly lanes?: { readonly count: number; invokedMs(): number };
  nowMs(): number;
  /** Calls again and again, until the returned function is called. */
  every(ms: number, call: () => void): () => void;
}

export interface PutStage {
  readonly produced: Produced;
  /** Shares of one processor, by the part that a process plays. */
  readonly processors: Readonly<Record<string, number>>;
  /** Share of all processors of this machine. */
  readonly machineBusy: number;
  readonly lanes: { readonly count: number; readonly busy: number } | undefined;
}

const SAMPLE_MS = 250;

export async function putStage(parts: PutStageParts): Promise<PutStage> {
  const { processorTime, lanes } = parts;
  const pids = new Map(parts.processes.map(({ name, pid }): [string, number] => [name, pid]));
  const look = () => ({
    atMs: parts.nowMs(),
    invokedMs: lanes?.invokedMs() ?? 0,
    machine: processorTime.ofMachine(),
    processes: new Map([...pids].map(([name, pid]) => [name, processorTime.ofProcess(pid)])),
  });
  let first = look();
  let last = first;
  const stop = parts.every(SAMPLE_MS, () => {
    // A process that has ended can't be asked any more.
    const now = look();
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
