/**
 * The search in several processes at once: each takes every n-th run. When one finds a failure, the
 * others go on up to its number, so that the same failure is reported whichever process is the
 * fastest. (Two threads of one process were a fifth slower than two processes.)
 */
import { type ChildProcess, fork } from 'node:child_process';
import process from 'node:process';
import { SimulatorError } from '../model/errors.ts';
import { moduleFile } from '../module-reference.ts';
import type { JobMessage, JobStart } from './job-messages.ts';
import type { FailedRun, SearchResult } from './search.ts';
import { createTally } from './tally.ts';

const JOB = moduleFile('./job-main.ts', import.meta.url);

/**
 * A run lives for a millisecond and leaves nothing behind. V8 expects objects to live longer: it
 * allocates some of them among the old ones, which keep what they refer to until old objects are
 * collected. Without its middle compiler, code gets to the optimising one earlier.
 * scripts/measure-search.ts measures both.
 */
export const V8_FLAGS = ['--no-allocation-site-pretenuring', '--no-maglev'];

export interface ExploreParts extends Omit<JobStart, 'first' | 'step'> {
  readonly jobs: number;
  readonly onProgress?: (progress: { readonly runs: number; readonly distinct: number }) => void;
  readonly signal: AbortSignal;
}

/**
 * `firstFailed` is the one with the least number: the same each time, unless the time was up before
 * all runs up to it were made.
 */
export async function explore(parts: ExploreParts): Promise<SearchResult<unknown>> {
  const { jobs, onProgress, signal, ...rest } = parts;
  const tally = createTally();
  const failed: FailedRun<unknown>[] = [];
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

  const work = async (child: ChildProcess, job: number): Promise<void> => {
    const runsMax = Math.ceil((parts.runsMax - job) / jobs);
    const start: JobStart = { ...rest, runsMax, first: job, step: jobs };
    const done = resultOf(child, (message) => {
      runs += message.runs;
      tally.addShapes(message.shapes);
      onProgress?.({ runs, distinct: tally.tally().distinctHistories });
    });
    child.send(start, () => {});
    if (signal.aborted) child.send(-1, () => {});
    const result = await done;
    tally.merge(result.tally);
    if (result.firstFailed === undefined) return;
    failed.push(result.firstFailed);
    if (!parts.keepGoing) endAt(result.firstFailed.number);
  };

  try {
    await Promise.all(processes.map(work));
  } finally {
    signal.removeEventListener('abort', halt);
    // Those that are done have ended by themselves.
    for (const child of processes) child.kill('SIGKILL');
  }
  const [firstFailed] = failed.sort((left, right) => left.number - right.number);
  return { tally: tally.tally(), firstFailed };
}

/** Resolves with what a process found. Rejects when it fails, or ends before it is done. */
function resultOf(
  child: ChildProcess,
  onRuns: (message: Extract<JobMessage, { type: 'runs' }>) => void,
): Promise<SearchResult<unknown>> {
  return new Promise((resolve, reject) => {
    child.on('message', (message: JobMessage) => {
      switch (message.type) {
        case 'runs':
          return onRuns(message);
        case 'done':
          return resolve(message.result);
        case 'failed':
          return reject(errorOf(message));
      }
    });
    child.on('error', reject);
    child.on('exit', (code, signalName) =>
      reject(new Error(`a process of the search ended (${signalName ?? code}) before its work`)),
    );
  });
}

function errorOf({ kind, message, stack }: Extract<JobMessage, { type: 'failed' }>): Error {
  return Object.assign(new SimulatorError(kind, message), stack === undefined ? {} : { stack });
}
