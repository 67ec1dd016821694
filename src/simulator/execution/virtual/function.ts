/**
 * The simulated function. An idle environment is thawed for the next invocation, unless it is lost;
 * otherwise another one starts cold. It is frozen after its response, and killed at the time-out.
 */
import type { InvocationResult } from '../../event-source-mapping/messages.ts';
import type { History } from '../../history/history.ts';
import { below } from '../../random.ts';
import { createEnvironment, type Environment } from './environment.ts';
import { type InvocationParts, runInvocation } from './run-invocation.ts';
import type { LoadedHandler, SimulatedWorker } from './simulated-worker.ts';

export interface FunctionParts extends InvocationParts {
  readonly history: History;
  /** A cold start: loads the handler's module anew. */
  load(environment: Environment): LoadedHandler | Promise<LoadedHandler>;
}

export interface SimulatedFunction {
  invoke(
    event: unknown,
    invocation: number,
    assigned: (worker: string) => void,
  ): Promise<InvocationResult>;
  invocationOf(worker: string): number;
  /** Kills a worker, whose invocation crashes. Returns false if it runs another one or none. */
  kill(worker: string, invocation: number): boolean;
}

export function createFunction(parts: FunctionParts): SimulatedFunction {
  const { random, history } = parts;
  const workers = new Map<string, SimulatedWorker>();
  const idle: SimulatedWorker[] = [];
  let started = 0;

  const start = async (): Promise<SimulatedWorker> => {
    const name = `worker-${++started}`;
    let failure: string | undefined;
    const worker = await coldStart(name, parts, (error) => {
      failure ??= error;
      const running = workers.get(name);
      if (running !== undefined) exit(running, error);
    });
    workers.set(name, worker);
    history.append({ type: 'worker-started', worker: name });
    // It failed while it was loading: the invocation will find it dead.
    if (failure !== undefined) exit(worker, failure);
    return worker;
  };
  const end = (worker: SimulatedWorker, reason: string): void => {
    const { environment } = worker;
    environment.kill();
    workers.delete(environment.worker);
    history.append({ type: 'worker-killed', worker: environment.worker, reason });
  };
  /** Its process ended by itself, in an invocation or outside. */
  const exit = (worker: SimulatedWorker, error: string): void => {
    if (idle.includes(worker)) idle.splice(idle.indexOf(worker), 1);
    if (worker.invocation === 0) end(worker, error);
    else worker.crash(error);
  };
  const take = async (): Promise<SimulatedWorker> => {
    const worker = idle.pop();
    if (worker === undefined) return start();
    if (!parts.hits('worker-lost', random)) return worker;
    parts.happened('worker-lost');
    end(worker, 'lost');
    return start();
  };
  const owner = { end, release: (worker: SimulatedWorker) => idle.push(worker) };

  return {
    async invoke(event, invocation, assigned) {
      const worker = await take();
      if (worker.environment.isDead()) {
        assigned(worker.environment.worker);
        return { kind: 'crashed', error: 'the worker failed while it started' };
      }
      worker.invocation = invocation;
      assigned(worker.environment.worker);
      return runInvocation(worker, event, invocation, parts, owner);
    },
    invocationOf: (name) => workers.get(name)?.invocation ?? 0,
    kill(name, invocation) {
      const worker = workers.get(name);
      if (worker === undefined || worker.invocation !== invocation) return false;
      worker.crash('the worker was killed');
      return true;
    },
  };
}

async function coldStart(
  worker: string,
  parts: FunctionParts,
  onFailed: (error: string) => void,
): Promise<SimulatedWorker> {
  const { loop, random } = parts;
  const isSkewed = parts.hits('clock-skew', random);
  if (isSkewed) parts.happened('clock-skew');
  const skewMs = isSkewed ? below(random, 2 * SKEW_MS_MAX) - SKEW_MS_MAX : 0;
  const environment = createEnvironment({ worker, loop, skewMs, onFailed });
  await loop.pause(COLD_START_MS_MIN + random() * COLD_START_MS_MORE);
  const handler = await parts.load(environment);
  return { environment, handler, invocation: 0, crash: () => {} };
}

const COLD_START_MS_MIN = 100;
const COLD_START_MS_MORE = 400;
/** The maximum difference of an environment's clock from the world's. */
const SKEW_MS_MAX = 10 * 60 * 1000;
