/**
 * The search in several processes at once: each takes every n-th run. When one of them finds a failure,
 * the others go on until they have passed its number, so that the failure with the least number is found
 * whoever is the fastest.
 * (Threads of one process get in each other's way: two of them were a fifth slower than two processes.)
 */
import { type ChildProcess, fork } from 'node:child_process';
import process from 'node:process';
import type { FaultRatios } from '../model/faults.ts';
import { moduleFile } from '../module-reference.ts';
import type { Failure, SearchResult } from './search.ts';
import { createTally, type Tally } from './tally.ts';

const JOB = moduleFile('./job-main.ts', import.meta.url);

/**
 * A run lives for a millisecond and leaves nothing behind, which is not what V8 reckons with: it makes some objects among
 * the old ones at once, and then keeps all that these refer to until it next collects the old ones, too. And without its
 * middle compiler the last one has its turn earlier. scripts/measure-search.ts says what each is worth.
 */
export const V8_FLAGS = ['--no-allocation-site-pretenuring', '--no-maglev'];

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
  /** `FILE[#EXPORT]`, absolute; undefined: the winner game. */
  readonly workload: string | undefined;
}

export interface Explored {
  readonly tally: Tally;
  /**
   * The one with the least number of its run: the same each time, unless the time was up before all runs up
   * to it were made.
   */
  readonly failure: Failure<unknown> | undefined;
}

/** What a process is sent to begin with; a number after it is that of the last run worth making, -1 for none. */
export type Share = Omit<ExploreParts, 'jobs' | 'onProgress' | 'signal'> & {
  readonly first: number;
  readonly step: number;
};

export type Message =
  | { readonly type: 'runs'; readonly runs: number; readonly shapes: readonly string[] }
  | { readonly type: 'done'; readonly result: SearchResult<unknown> }
  /** It can't go on, such as with a handler that can't be loaded. */
  | { readonly type: 'failed'; readonly name: string; readonly message: string };

export async function explore(parts: ExploreParts): Promise<Explored> {
  const { jobs, onProgress, signal, ...rest } = parts;
  const tally = createTally();
  const failures: Failure<unknown>[] = [];
  let runs = 0;
  let last = Number.POSITIVE_INFINITY;
  const processes = Array.from({ length: jobs }, () =>
    fork(JOB, { serialization: 'advanced', execArgv: [...process.execArgv, ...V8_FLAGS] }),
  );
  const endAt = (number: number): void => {
    if (number >= last) return;
    last = number;
    for (const child of processes) if (child.connected) child.send(last, () => {});
  };
  const halt = (): void => endAt(-1);
  signal.addEventListener('abort', halt, { once: true });

  const work = (child: ChildProcess, job: number): Promise<void> =>
    new Promise((resolve, reject) => {
      child.on('message', (message: Message) => {
        if (message.type === 'runs') {
          runs += message.runs;
          tally.found(message.shapes);
          onProgress?.({ runs, distinct: tally.tally().distinctHistories });
          return;
        }
        if (message.type === 'failed') {
          reject(Object.assign(new Error(message.message), { name: message.name }));
          return;
        }
        const { failure } = message.result;
        tally.merge(message.result.tally);
        if (failure !== undefined) failures.push(failure);
        if (failure !== undefined && !parts.keepGoing) endAt(failure.number);
        resolve();
      });
      child.on('error', reject);
      child.on('exit', (code, signalName) =>
        reject(new Error(`a process of the search ended (${signalName ?? code}) before its work`)),
      );
      const runsMax = Math.ceil((parts.runsMax - job) / jobs);
      const share: Share = { ...rest, runsMax, first: job, step: jobs };
      child.send(share, () => {});
      if (signal.aborted) child.send(-1, () => {});
    });

  try {
    await Promise.all(processes.map(work));
  } finally {
    signal.removeEventListener('abort', halt);
    // Those that are through have gone by themselves.
    for (const child of processes) child.kill('SIGKILL');
  }
  const [failure] = failures.sort((left, right) => left.number - right.number);
  return { tally: tally.tally(), failure };
}
