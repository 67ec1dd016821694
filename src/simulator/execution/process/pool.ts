/** Worker processes as Lambda keeps execution environments: idle ones re-used, else a cold start. */
import { environmentOf, type FunctionSettings, type WorkerEnvironment } from './environment.ts';
import { HandlerUnusable, type RawOutcome, startWorker, type Worker } from './worker.ts';

export { HandlerUnusable, type RawOutcome };

export interface PoolOptions {
  /** `FILE` or `FILE#EXPORT`. */
  readonly handler: string;
  readonly settings: FunctionSettings;
  /** Called before each cold start, so that a worker can have a gateway of its own. */
  environment(worker: string): Promise<WorkerEnvironment>;
  /** The variables that workers inherit. */
  readonly inherited: NodeJS.ProcessEnv;
  /** How long loading the handler may take. */
  readonly startMsMax?: number;
  onStarted?(worker: string): void;
  /** The worker is no more; what `environment` opened for it can be closed. */
  onGone?(worker: string, how: 'killed' | 'exited', reason: string): void;
  onOutput?(worker: string, stream: 'stdout' | 'stderr', line: string): void;
  /** For a person; each text once a pool. */
  onNote?(text: string): void;
}

export interface InvokeOptions {
  /** Unique in the run; makes up the request id. */
  readonly invocation: number;
  readonly timeoutMs: number;
  /** Which worker it is, before the handler runs. */
  onAssigned?(worker: string): void;
}

export interface Pool {
  /** Loads the handler in a first worker, which is kept. Rejects with {@link HandlerUnusable}. */
  check(): Promise<void>;
  /** Cold starts until so many workers are there, ahead of the first invocations. */
  warm(workers: number): Promise<void>;
  /**
   * Never more at once than are invoked at once: each invocation has a worker of its own. Resolves
   * however the invocation ended; a handler that can no longer be loaded is a crash.
   */
  invoke(event: unknown, options: InvokeOptions): Promise<RawOutcome>;
  /** The invocation that a worker is working on; 0 if none. */
  invocationOf(worker: string): number;
  /** SIGKILL, where it stands; its invocation ends as crashed. */
  kill(worker: string): Promise<void>;
  /** Ends all workers. */
  stop(): Promise<void>;
}

export function createPool(options: PoolOptions): Pool {
  const workers = new Map<string, Worker>();
  const idle: Worker[] = [];
  const invocations = new Map<string, number>();
  const notes = new Set<string>();
  let started = 0;
  let isStopped = false;

  async function start(): Promise<Worker> {
    started++;
    const name = `worker-${started}`;
    const environment = await options.environment(name);
    let worker: Worker;
    try {
      worker = await startWorker({
        name,
        handler: options.handler,
        env: environmentOf(options.inherited, options.settings, environment),
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

/** Shaped as Lambda's, and the same in every run. */
function requestIdOf(invocation: number): string {
  return `00000000-0000-4000-8000-${String(invocation).padStart(12, '0')}`;
}
