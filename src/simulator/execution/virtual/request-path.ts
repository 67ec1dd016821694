/**
 * The way from a handler's SDK client to the simulated DynamoDB: through the gateway, with every request
 * and every answer under way for as long as the random source say. A request that has left is on its way whatever
 * becomes of who sent it; its answer waits for an environment that is frozen, and is lost with a dead one.
 */
import {
  ConditionalCheckFailedException,
  DynamoDBServiceException,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import type { Consumption, SimulatedDynamoDB } from '../../dynamodb/engine/database.ts';
import type {
  Forward,
  Gateway,
  GatewayAnswer,
  GatewayReply,
} from '../../dynamodb/gateway/gateway.ts';
import { isRecord, type JsonObject } from '../../dynamodb/gateway/wire.ts';
import type { Capacity } from '../../model/history.ts';
import type { Random } from '../../model/random.ts';
import type { Environment } from './environment.ts';
import type { Loop } from './loop.ts';

/** Sends one request for an environment, and settles as the SDK's `send` would. */
export type Door = (
  environment: Environment,
  operation: string,
  input: object,
  abortSignal: AbortSignal | undefined,
) => Promise<object>;

export interface DoorParts {
  readonly gateway: Gateway;
  readonly loop: Loop;
  readonly random: Random;
  /** What a worker is working on; 0 if nothing. */
  invocationOf(worker: string): number;
}

export function createDoor({ gateway, loop, random, invocationOf }: DoorParts): Door {
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
        const answer = await gateway.handle(request);
        const waitMs = answer.kind === 'lost' ? SILENCE_MS : travelMs(random);
        environment.at(loop.now() + waitMs, () => {
          if (abortSignal !== undefined) aborts.remove(abortSignal, reject);
          const error = errorOf(answer);
          if (error !== undefined) reject(error);
          else resolve({ $metadata: METADATA, ...(answer as GatewayReply).body });
        });
      };
      loop.at(loop.now() + travelMs(random), () => void arrive());
    });
}

type Reject = (error: Error) => void;

/** What is under way, by its signal: a listener for each request would cost more than the request. */
function createAborts() {
  const underWay = new Map<AbortSignal, Set<Reject>>();
  const watch = (signal: AbortSignal): Set<Reject> => {
    const rejects = new Set<Reject>();
    underWay.set(signal, rejects);
    const abort = (): void => {
      for (const reject of rejects) reject(aborted());
    };
    signal.addEventListener('abort', abort, { once: true });
    return rejects;
  };
  return {
    add(signal: AbortSignal, reject: Reject): void {
      (underWay.get(signal) ?? watch(signal)).add(reject);
    },
    remove(signal: AbortSignal, reject: Reject): void {
      underWay.get(signal)?.delete(reject);
    },
  };
}

/**
 * Executes on the simulated database; its exceptions become the replies that the wire would carry.
 * `committed` is told when all that an operation wrote can be seen.
 */
export function forwardTo(
  database: SimulatedDynamoDB,
  meter: Meter,
  committed: () => void,
): Forward {
  return (operation, input) => {
    try {
      const body = database.execute(operation, input) as JsonObject;
      committed();
      return { kind: 'reply', status: 200, body, capacity: meter.take() };
    } catch (error) {
      // What it can't simulate is an error too, which the handler's caller then sees.
      if (!(error instanceof Error)) throw error;
      const { name, message } = error;
      const reasons = (error as { CancellationReasons?: unknown }).CancellationReasons;
      const body = {
        __type: name,
        message,
        ...(reasons === undefined ? {} : { CancellationReasons: reasons }),
      };
      return { kind: 'reply', status: 400, body: body as JsonObject, error };
    }
  };
}

/** What requests have consumed since it was last asked; of those that were refused nobody hears. */
export interface Meter {
  consumed(consumption: Consumption): void;
  take(): Capacity;
}

export function createMeter(): Meter {
  let [readUnits, writeUnits] = [0, 0];
  return {
    consumed(consumption) {
      if (consumption.refused) return;
      readUnits += consumption.readUnits;
      writeUnits += consumption.writeUnits;
    },
    take() {
      const capacity = { readUnits, writeUnits };
      [readUnits, writeUnits] = [0, 0];
      return capacity;
    },
  };
}

const METADATA = { httpStatusCode: 200, attempts: 1, totalRetryDelay: 0 };

/** Until a client notices that nobody answers. */
const SILENCE_MS = 200;

/** Mostly a few milliseconds, now and then much more: that is how requests overtake each other. */
function travelMs(random: Random): number {
  const ms = 1 + random() * 4;
  return random() < 0.02 ? ms * 20 : ms;
}

function errorOf(answer: GatewayAnswer): Error | undefined {
  if (answer.kind === 'lost') {
    return Object.assign(new Error('socket hang up'), { name: 'TimeoutError', code: 'ECONNRESET' });
  }
  if (answer.status < 300) return undefined;
  return answer.error ?? faultError(answer);
}

/** The SDK's exception for a refusal that a fault made up. */
function faultError({ status, body }: GatewayReply): Error {
  const type = String(body['__type'] ?? 'InternalServerError');
  const name = type.slice(type.indexOf('#') + 1);
  const message = String(body['message'] ?? '');
  const $metadata = { ...METADATA, httpStatusCode: status };
  if (name === 'TransactionCanceledException') {
    const reasons = body['CancellationReasons'];
    const CancellationReasons = (Array.isArray(reasons) ? reasons : []).map((reason) =>
      isRecord(reason) ? { Code: String(reason['Code'] ?? 'None') } : { Code: 'None' },
    );
    return new TransactionCanceledException({ message, $metadata, CancellationReasons });
  }
  if (name === 'ConditionalCheckFailedException') {
    return new ConditionalCheckFailedException({ message, $metadata });
  }
  const $fault = status >= 500 ? 'server' : 'client';
  return new DynamoDBServiceException({ name, message, $fault, $metadata });
}

function aborted(): Error {
  return Object.assign(new Error('Request aborted'), { name: 'AbortError' });
}
