/** Worker processes, used like Lambda's execution environments: an idle one, or a cold start. */
import {
  environmentVariables,
  type FunctionSettings,
  type WorkerEnvironment,
} from '../environment-variables.ts';
import { HandlerUnusable } from '../handler-unusable.ts';
import { requestIdOf } from '../lambda-context.ts';
import { type RawOutcome, startWorker, type Worker } from './worker.ts';

export interface PoolOptions {
  /** `FILE` or `FILE#EXPORT`. */
  readonly handler: string;
  readonly settings: FunctionSettings;
  /** Called before each cold start, so that each worker can have its own gateway. */
  environment(worker: string): Promise<WorkerEnvironment>;
  /** The variables that workers inherit. */
  readonly inherited: NodeJS.ProcessEnv;
  /** The time limit for loading the handler. */
  readonly startMsMax?: number;
  onStarted?(worker: string): void;
  /** The worker has ended; what `environment` opened for it can be closed. */
  onGone?(worker: string, how: 'killed' | 'exited', reason: string): void;
  onOutput?(worker: string, stream: 'stdout' | 'stderr', line: string): void;
  /** A note about the handler; each text once. */
  onNote?(text: string): void;
}

export interface InvokeOptions {
  /** Unique in the run; makes up the request id. */
  readonly invocation: number;
  readonly timeoutMs: number;
  /** Called with the worker's name before the handler runs. */
  onAssigned?(worker: string): void;
}

export interface Pool {
  /** Loads the handler in a first worker, which is kept. Rejects with `HandlerUnusable`. */
  check(): Promise<void>;
  /** Starts workers in advance, until there are this many. */
  warm(workers: number): Promise<void>;
  /**
   * Each concurrent invocation has a worker of its own. Resolves however the invocation ends; a
   * handler that can no longer be loaded counts as a crash.
   */
  invoke(event: unknown, options: InvokeOptions): Promise<RawOutcome>;
  /** The worker's current invocation; 0 outside an invocation. */
  invocationOf(worker: string): number;
  /** Sends SIGKILL; a running invocation ends as crashed. */
  kill(worker: string): Promise<void>;
  /** Ends all workers. */
  stop(): Promise<void>;
}

export function createPool(options: PoolOptions): Pool {
  const workers = new Map<string, Worker>();
  const idle: Worker[] = [];
  const invocations = new Map<string, number>();
  const starter = workerStarter(options);
  let isStopped = false;

  async function start(): Promise<Worker> {
    const worker = await starter();
    const { name } = worker;
    workers.set(name, worker);
    options.onStarted?.(name);
    worker.gone
      .then(({ how, reason }) => {
        workers.delete(name);
        if (idle.includes(worker)) idle.splice(idle.indexOf(worker), 1);
        options.onGone?.(name, how, reason);
      })
      .catch(() => {});
    if (isStopped) await worker.kill('stopped');
    return worker;
  }

  return {
    async check() {
      if (workers.size === 0) idle.push(await start());
    },

    async warm(wanted) {
      const missing = Math.max(0, wanted - workers.size);
      idle.push(...(await Promise.all(Array.from({ length: missing }, start))));
    },

    async invoke(event, { invocation, timeoutMs, onAssigned }) {
      let worker = idle.pop();
      try {
        worker ??= await start();
      } catch (error) {
        if (!(error instanceof HandlerUnusable)) throw error;
        return { kind: 'crashed', error: { name: error.name, message: error.message } };
      }
      invocations.set(worker.name, invocation);
      onAssigned?.(worker.name);
      const outcome = await worker.invoke({ event, requestId: requestIdOf(invocation), timeoutMs });
      invocations.delete(worker.name);
      const isAlive = outcome.kind === 'returned' || outcome.kind === 'threw';
      if (isAlive && workers.has(worker.name)) idle.push(worker);
      return outcome;
    },

    invocationOf: (worker) => invocations.get(worker) ?? 0,

    async kill(name) {
      await workers.get(name)?.kill('killed');
    },

    async stop() {
      isStopped = true;
      await Promise.all([...workers.values()].map((worker) => worker.kill('stopped')));
      await Promise.all([...workers.values()].map((worker) => worker.gone));
    },
  };
}

/** Starts workers by consecutive names, each in the environment that the options give it. */
function workerStarter(options: PoolOptions): () => Promise<Worker> {
  const notes = new Set<string>();
  let started = 0;
  return async () => {
    started++;
    const name = `worker-${started}`;
    const environment = await options.environment(name);
    try {
      return await startWorker({
        name,
        handler: options.handler,
        env: environmentVariables(options.inherited, options.settings, environment),
        cwd: options.settings.taskRoot,
        startMsMax: options.startMsMax ?? 10_000,
        onOutput: (stream, line) => options.onOutput?.(name, stream, line),
        onNote: (text) => {
          if (!notes.has(text)) options.onNote?.(text);
          notes.add(text);
        },
      });
    } catch (error) {
      options.onGone?.(name, 'exited', 'it never started');
      throw error;
    }
  };
}
