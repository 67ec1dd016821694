/**
 * The path of a request from a handler's SDK client to the simulated DynamoDB and back, through the
 * gateway. Both directions take a random time. A request that has been sent arrives whatever
 * happens to its sender. Its response waits while the environment is frozen, and is lost once it is
 * dead.
 */
import type { Gateway } from '../../dynamodb/gateway/gateway.ts';
import type { JsonObject } from '../../dynamodb/gateway/json.ts';
import type { GatewayResponse } from '../../dynamodb/gateway/request.ts';
import type { Random } from '../../model/random.ts';
import type { Environment } from './environment.ts';
import type { Loop } from './loop.ts';
import { errorOf, METADATA } from './sdk-error.ts';

/** Sends a request for an environment. Resolves and rejects as the SDK's `send` does. */
export type RequestPath = (
  environment: Environment,
  operation: string,
  input: object,
  abortSignal: AbortSignal | undefined,
) => Promise<object>;

export interface RequestPathParts {
  readonly gateway: Gateway;
  readonly loop: Loop;
  readonly random: Random;
  /** A worker's current invocation; 0 outside an invocation. */
  invocationOf(worker: string): number;
}

export function createRequestPath(parts: RequestPathParts): RequestPath {
  const { gateway, loop, random, invocationOf } = parts;
  const aborts = createAborts();
  return (environment, operation, input, abortSignal) =>
    new Promise((resolve, reject) => {
      if (environment.isDead()) return;
      if (abortSignal?.aborted) {
        reject(aborted());
        return;
      }
      const { worker } = environment;
      const invocation = invocationOf(worker);
      if (abortSignal !== undefined) aborts.add(abortSignal, reject);
      const arrive = async (): Promise<void> => {
        const request = { operation, input: input as JsonObject, worker, invocation };
        const result = await gateway.handle(request);
        const waitMs = result.kind === 'lost' ? SILENCE_MS : travelMs(random);
        environment.at(loop.now() + waitMs, () => {
          if (abortSignal !== undefined) aborts.remove(abortSignal, reject);
          const error = errorOf(result);
          if (error !== undefined) reject(error);
          else resolve({ $metadata: METADATA, ...(result as GatewayResponse).body });
        });
      };
      loop.at(loop.now() + travelMs(random), () => void arrive());
    });
}

type Reject = (error: Error) => void;

/** Requests in flight by signal: a listener for each would cost more than the request. */
function createAborts() {
  const inFlight = new Map<AbortSignal, Set<Reject>>();
  const watch = (signal: AbortSignal): Set<Reject> => {
    const rejects = new Set<Reject>();
    inFlight.set(signal, rejects);
    const abort = (): void => {
      for (const reject of rejects) reject(aborted());
    };
    signal.addEventListener('abort', abort, { once: true });
    return rejects;
  };
  return {
    add(signal: AbortSignal, reject: Reject): void {
      (inFlight.get(signal) ?? watch(signal)).add(reject);
    },
    remove(signal: AbortSignal, reject: Reject): void {
      inFlight.get(signal)?.delete(reject);
    },
  };
}

/** How long it takes a client to notice a broken connection. */
const SILENCE_MS = 200;

/** Usually a few milliseconds, sometimes much more, so that requests overtake each other. */
function travelMs(random: Random): number {
  const ms = 1 + random() * 4;
  return random() < 0.02 ? ms * 20 : ms;
}

function aborted(): Error {
  return Object.assign(new Error('Request aborted'), { name: 'AbortError' });
}
