/** One invocation of a worker: its deadline, its stall, its result. */
import type { InvocationResult } from '../../event-source-mapping/messages.ts';
import type { Random } from '../../model/random.ts';
import { FUNCTION_NAME, LOG_GROUP, LOG_STREAM, REGION } from '../environment.ts';
import { lambdaContext, requestIdOf } from '../lambda-context.ts';
import type { Loop } from './loop.ts';
import type { SimulatedWorker } from './simulated-worker.ts';

export type FunctionFault = 'worker-lost' | 'time-out' | 'clock-skew';

export interface InvocationParts {
  readonly loop: Loop;
  readonly random: Random;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  /** Whether a fault is drawn. */
  hits(fault: FunctionFault, random: Random): boolean;
  /** Called when a drawn fault has happened. */
  happened(fault: FunctionFault): void;
}

export interface WorkerOwner {
  /** The worker is dead. */
  end(worker: SimulatedWorker, reason: string): void;
  /** The worker can be used again. */
  release(worker: SimulatedWorker): void;
}

export function runInvocation(
  worker: SimulatedWorker,
  event: unknown,
  invocation: number,
  parts: InvocationParts,
  owner: WorkerOwner,
): Promise<InvocationResult> {
  const { loop, random } = parts;
  const { environment } = worker;
  return new Promise((resolve) => {
    const deadlineMs = loop.now() + parts.timeoutMs;
    let isOver = false;
    const finish = (result: InvocationResult): void => {
      if (isOver) return;
      isOver = true;
      cancelDeadline();
      worker.invocation = 0;
      resolve(result);
    };
    const cancelDeadline = loop.at(deadlineMs, () => {
      owner.end(worker, 'timed out');
      finish({ kind: 'timed-out' });
    });
    worker.crash = (error) => {
      owner.end(worker, error);
      finish({ kind: 'crashed', error });
    };
    const handlerEnded = (result: InvocationResult): void => {
      if (isOver) return;
      environment.freeze();
      owner.release(worker);
      finish(result);
    };
    environment.thaw();
    if (parts.hits('time-out', random)) {
      environment.at(loop.now() + random() * STALL_AFTER_MS_MAX, () => {
        if (isOver) return;
        environment.freeze();
        parts.happened('time-out');
      });
    }
    const context = contextOf(invocation, parts, () => deadlineMs - loop.now());
    worker.handler(event, context).then(
      (value) => handlerEnded({ kind: 'returned', value: asJson(value) }),
      (error: unknown) => handlerEnded({ kind: 'threw', error: String(error) }),
    );
  });
}

/** A stalled environment does nothing until it is killed at the time-out. */
const STALL_AFTER_MS_MAX = 20;

/** As Lambda serialises a result. */
function asJson(value: unknown): unknown {
  const text = JSON.stringify(value);
  return text === undefined ? null : JSON.parse(text);
}

function contextOf(invocation: number, { memoryMb }: InvocationParts, remainingMs: () => number) {
  return lambdaContext({
    functionName: FUNCTION_NAME,
    functionVersion: '$LATEST',
    region: REGION,
    memoryLimitInMB: String(memoryMb),
    requestId: requestIdOf(invocation),
    logGroupName: LOG_GROUP,
    logStreamName: LOG_STREAM,
    remainingMs,
  });
}
