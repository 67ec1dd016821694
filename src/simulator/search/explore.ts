/**
 * The search in several processes at once: each takes every n-th run. When one finds a failure, the
 * others go on up to its number, so that the same failure is reported whichever process is the
 * fastest. (Two threads of one process were a fifth slower than two processes.)
 */
import process from 'node:process';
import type { HandlerBundle } from '../execution/bundle-handler.ts';
import { type Contained, contain } from '../execution/contained/contain.ts';
import { SimulatorError } from '../model/errors.ts';
import type { RunFailure } from '../model/failure.ts';
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
  /** The handler in one file; undefined: the shipped one. */
  readonly bundle: HandlerBundle | undefined;
  readonly jobs: number;
  readonly onProgress?: (progress: { readonly runs: number; readonly distinct: number }) => void;
  readonly signal: AbortSignal;
}

export interface Explored extends SearchResult<unknown> {
  /** The handler did not let a process go on. */
  readonly handlerFailure: RunFailure | undefined;
}

/**
 * `firstFailed` is the one with the least number: the same each time, unless the time was up before
 * all runs up to it were made.
 */
export async function explore(parts: ExploreParts): Promise<Explored> {
  const { jobs, onProgress, signal, bundle, ...rest } = parts;
  const tally = createTally();
  const failed: FailedRun<unknown>[] = [];
  let handlerFailure: RunFailure | undefined;
  let runs = 0;
  let last = Number.POSITIVE_INFINITY;
  const onRuns = (message: Extract<JobMessage, { type: 'runs' }>): void => {
    runs += message.runs;
    tally.addShapes(message.shapes);
    onProgress?.({ runs, distinct: tally.tally().distinctHistories });
  };
  const processes = Array.from({ length: jobs }, (_, job) => {
    const runsMax = Math.ceil((parts.runsMax - job) / jobs);
    return startJob({ ...rest, runsMax, first: job, step: jobs }, bundle, onRuns);
  });
  const endAt = (number: number): void => {
    if (number >= last) return;
    last = number;
    for (const { contained } of processes) contained.send(last);
  };
  const halt = (): void => endAt(-1);
  signal.addEventListener('abort', halt, { once: true });
  if (signal.aborted) halt();

  const finish = async ({ result }: Job): Promise<void> => {
    const found = await result;
    if ('kind' in found) {
      handlerFailure ??= found;
      halt();
      return;
    }
    tally.merge(found.tally);
    if (found.firstFailed === undefined) return;
    failed.push(found.firstFailed);
    if (!parts.keepGoing) endAt(found.firstFailed.number);
  };

  try {
    await Promise.all(processes.map(finish));
  } finally {
    signal.removeEventListener('abort', halt);
    // Those that are done have ended by themselves.
    await Promise.all(processes.map(({ contained }) => contained.kill()));
  }
  const [firstFailed] = failed.sort((left, right) => left.number - right.number);
  return { tally: tally.tally(), firstFailed, handlerFailure };
}

interface Job {
  readonly contained: Contained;
  /** Rejects when it fails, or ends before it is done. */
  readonly result: Promise<SearchResult<unknown> | RunFailure>;
}

function startJob(
  start: JobStart,
  bundle: HandlerBundle | undefined,
  onRuns: (message: Extract<JobMessage, { type: 'runs' }>) => void,
): Job {
  const {
    promise: result,
    resolve,
    reject,
  } = Promise.withResolvers<SearchResult<unknown> | RunFailure>();
  const contained = contain<JobStart>({
    ...{ main: JOB, input: start, bundle, env: process.env, inheritsOutput: true },
    nodeFlags: [...process.execArgv, ...V8_FLAGS],
    onMessage(received) {
      const message = received as JobMessage;
      if (message.type === 'runs') onRuns(message);
      else if (message.type === 'done') resolve(message.result);
      else reject(errorOf(message));
    },
  });
  contained.ended.then(({ status, signal, failure }) => {
    if (failure !== undefined) resolve(failure);
    else reject(new Error(`a process of the search ended (${signal ?? status}) before its work`));
  }, reject);
  return { contained, result };
}

function errorOf({ kind, message, stack }: Extract<JobMessage, { type: 'failed' }>): Error {
  return Object.assign(new SimulatorError(kind, message), stack === undefined ? {} : { stack });
}
