/**
 * The function: environments as Lambda keeps them. One that is idle is thawed for the next invocation,
 * or has been lost, and another starts cold; after its answer it is frozen; past the time-out it is killed.
 */
import type { InvocationResult } from '../../event-source-mapping/messages.ts';
import type { History } from '../../history/history.ts';
import type { Random } from '../../model/random.ts';
import { below } from '../../random.ts';
import { createEnvironment, type Environment } from './environment.ts';
import type { Loop } from './loop.ts';

/** A handler in its environment; its module state lives as long as that. */
export type LoadedHandler = (event: unknown, context: unknown) => Promise<unknown>;

export interface FunctionParts {
  readonly loop: Loop;
  readonly random: Random;
  readonly history: History;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  /** Cold start: the handler's module is loaded anew. */
  load(environment: Environment): LoadedHandler | Promise<LoadedHandler>;
  /** Whether a fault is to happen now; `worker-lost`, `time-out` and `clock-skew` are asked for here. */
  hits(fault: FunctionFault, random: Random): boolean;
  /** It did. */
  happened(fault: FunctionFault): void;
}

export type FunctionFault = 'worker-lost' | 'time-out' | 'clock-skew';

export interface SimulatedFunction {
  invoke(
    event: unknown,
    invocation: number,
    assigned: (worker: string) => void,
  ): Promise<InvocationResult>;
  invocationOf(worker: string): number;
  /** Ends a worker where it stands; its invocation ends as crashed. False: it isn't at that invocation. */
  kill(worker: string, invocation: number): boolean;
}

interface Worker {
  readonly environment: Environment;
  readonly handler: LoadedHandler;
  invocation: number;
  /** What ends its invocation, if it is at one. */
  crash: (error: string) => void;
}

export function createFunction(parts: FunctionParts): SimulatedFunction {
  const { loop, random, history, timeoutMs, memoryMb } = parts;
  const workers = new Map<string, Worker>();
  const idle: Worker[] = [];
  let started = 0;

  const start = async (): Promise<Worker> => {
    const name = `worker-${++started}`;
    const isSkewed = parts.hits('clock-skew', random);
    if (isSkewed) parts.happened('clock-skew');
    const skewMs = isSkewed ? below(random, 2 * SKEW_MS_MAX) - SKEW_MS_MAX : 0;
    let failure: string | undefined;
    const environment = createEnvironment({
      worker: name,
      loop,
      skewMs,
      failed(error) {
        failure ??= error;
        const worker = workers.get(name);
        if (worker !== undefined) exit(worker, error);
      },
    });
    await loop.pause(COLD_START_MS_MIN + random() * COLD_START_MS_MORE);
    const handler = await parts.load(environment);
    const worker: Worker = { environment, handler, invocation: 0, crash: () => {} };
    workers.set(name, worker);
    history.record({ type: 'worker-started', worker: name });
    // It failed while it was loaded: whoever is waiting for it finds it dead.
    if (failure !== undefined) exit(worker, failure);
    return worker;
  };
  const end = (worker: Worker, reason: string): void => {
    const { environment } = worker;
    environment.kill();
    workers.delete(environment.worker);
    history.record({ type: 'worker-killed', worker: environment.worker, reason });
  };
  /** Its process is gone, whatever it was at. */
  const exit = (worker: Worker, error: string): void => {
    if (idle.includes(worker)) idle.splice(idle.indexOf(worker), 1);
    if (worker.invocation === 0) end(worker, error);
    else worker.crash(error);
  };
  const take = async (): Promise<Worker> => {
    const worker = idle.pop();
    if (worker === undefined) return start();
    if (!parts.hits('worker-lost', random)) return worker;
    parts.happened('worker-lost');
    end(worker, 'lost');
    return start();
  };

  const run = (worker: Worker, event: unknown, invocation: number): Promise<InvocationResult> =>
    new Promise((resolve) => {
      const { environment } = worker;
      const deadlineMs = loop.now() + timeoutMs;
      let isOver = false;
      const over = (answer: InvocationResult): void => {
        if (isOver) return;
        isOver = true;
        callOff();
        worker.invocation = 0;
        resolve(answer);
      };
      const callOff = loop.at(deadlineMs, () => {
        end(worker, 'timed out');
        over({ kind: 'timed-out' });
      });
      worker.crash = (error) => {
        end(worker, error);
        over({ kind: 'crashed', error });
      };
      const answered = (answer: InvocationResult): void => {
        if (isOver) return;
        environment.freeze();
        idle.push(worker);
        over(answer);
      };
      environment.thaw();
      if (parts.hits('time-out', random)) {
        environment.at(loop.now() + random() * STALL_AFTER_MS_MAX, () => {
          // It may have answered before.
          if (isOver) return;
          environment.freeze();
          parts.happened('time-out');
        });
      }
      const context = {
        ...contextOf(invocation, memoryMb),
        getRemainingTimeInMillis: () => Math.max(0, deadlineMs - loop.now()),
      };
      worker.handler(event, context).then(
        (value) => answered({ kind: 'returned', value: asJson(value) }),
        (error: unknown) => answered({ kind: 'threw', error: String(error) }),
      );
    });

  return {
    async invoke(event, invocation, assigned) {
      const worker = await take();
      if (worker.environment.isDead()) {
        assigned(worker.environment.worker);
        return { kind: 'crashed', error: 'the worker failed while it started' };
      }
      worker.invocation = invocation;
      assigned(worker.environment.worker);
      return run(worker, event, invocation);
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

const COLD_START_MS_MIN = 100;
const COLD_START_MS_MORE = 400;
/** A stalled environment does nothing more until it is killed at the time-out. */
const STALL_AFTER_MS_MAX = 20;
/** How far an environment's clock is apart from the world's. */
const SKEW_MS_MAX = 10 * 60 * 1000;

/** As Lambda serialises an answer. */
function asJson(value: unknown): unknown {
  const text = JSON.stringify(value);
  return text === undefined ? null : JSON.parse(text);
}

function contextOf(invocation: number, memoryMb: number) {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: 'winner-view',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:winner-view',
    memoryLimitInMB: String(memoryMb),
    awsRequestId: `00000000-0000-4000-8000-${String(invocation).padStart(12, '0')}`,
    logGroupName: '/aws/lambda/winner-view',
    logStreamName: '[$LATEST]memory',
  };
}
