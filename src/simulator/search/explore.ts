/** The search on several threads at once: each takes every n-th run, and the first failure stops all. */
import { Worker } from 'node:worker_threads';
import type { FaultRatios } from '../faults/names.ts';
import type { Workload } from '../workload/workload.ts';
import type { Failure, SearchResult } from './search.ts';
import { createTally, type Tally } from './tally.ts';

export interface ExploreParts {
  readonly seed: string;
  readonly jobs: number;
  readonly runsMax: number;
  readonly timeMsMax: number;
  readonly faults: FaultRatios;
  readonly keepGoing: boolean;
  readonly handler: string | undefined;
  readonly invariants: boolean;
  readonly onProgress?: (progress: { readonly runs: number; readonly distinct: number }) => void;
  readonly signal: AbortSignal;
  /** Only its name crosses to the threads. */
  readonly workload: Pick<Workload<never>, 'name'>;
}

export interface Explored {
  readonly tally: Tally;
  /** Of those that were found, the one with the least number of its run. */
  readonly failure: Failure<unknown> | undefined;
}

/** What a thread is given to begin with. */
export type Share = Omit<ExploreParts, 'jobs' | 'onProgress' | 'signal' | 'workload'> & {
  readonly first: number;
  readonly step: number;
  /** Set to 1 by anyone: all stop. */
  readonly stop: Int32Array;
};

export type Message =
  | { readonly type: 'runs'; readonly runs: number; readonly shapes: readonly string[] }
  | { readonly type: 'done'; readonly result: SearchResult<unknown> };

export async function explore(parts: ExploreParts): Promise<Explored> {
  const { jobs, onProgress, signal, workload: _, ...rest } = parts;
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const tally = createTally();
  const failures: Failure<unknown>[] = [];
  let runs = 0;
  const halt = (): void => {
    Atomics.store(stop, 0, 1);
  };
  signal.addEventListener('abort', halt, { once: true });
  if (signal.aborted) halt();

  const work = (job: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const share: Share = {
        ...rest,
        runsMax: Math.ceil((parts.runsMax - job) / jobs),
        first: job,
        step: jobs,
        stop,
      };
      const thread = new Worker(new URL('./thread.ts', import.meta.url), {
        workerData: share,
        // What a run leaves behind is gone before it grows old.
        resourceLimits: { maxYoungGenerationSizeMb: 64 },
      });
      thread.on('message', (message: Message) => {
        if (message.type === 'runs') {
          runs += message.runs;
          tally.found(message.shapes);
          onProgress?.({ runs, distinct: tally.tally().distinctHistories });
          return;
        }
        const { failure } = message.result;
        tally.merge(message.result.tally);
        if (failure !== undefined) failures.push(failure);
        if (failure !== undefined && !parts.keepGoing) halt();
        resolve();
      });
      thread.on('error', (error) => {
        halt();
        reject(error);
      });
      thread.on('exit', () => reject(new Error('a thread of the search ended before its work')));
    });

  try {
    await Promise.all(Array.from({ length: jobs }, (_, job) => work(job)));
  } finally {
    halt();
    signal.removeEventListener('abort', halt);
  }
  const number = ({ scenario }: Failure<unknown>) =>
    Number(scenario.options.seed.slice(scenario.options.seed.lastIndexOf(':') + 1));
  const [failure] = failures.sort((left, right) => number(left) - number(right));
  return { tally: tally.tally(), failure };
}
