/** The shipped handler in a simulated environment: the same code with other ports. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type Situation, situationsOf } from '../../../handler/batch/situations.ts';
import { createDynamoDBViewStore } from '../../../handler/dynamodb/view-store.ts';
import { createHandler } from '../../../handler/handler.ts';
import type { Limits, Log } from '../../../handler/ports.ts';
import { operationOf } from '../../dynamodb/engine/sdk-adapter.ts';
import type { Random } from '../../model/random.ts';
import type { Environment } from './environment.ts';
import type { LoadedHandler } from './function.ts';
import type { Door } from './request-path.ts';

export { SITUATIONS } from '../../../handler/batch/situations.ts';
export type HandlerLimits = Partial<Limits>;

export interface ShippedParts {
  readonly stage: string;
  readonly log: Log;
  readonly limits?: HandlerLimits;
  readonly situation?: ((name: Situation) => void) | undefined;
}

/** Makes a handler for one environment: the shipped one, or one that a test changed. */
export type HandlerLoader = (
  environment: Environment,
  door: Door,
  random: Random,
  parts: ShippedParts,
) => LoadedHandler | Promise<LoadedHandler>;

export const loadShippedHandler: HandlerLoader = loaderOf({});

export interface Makers {
  readonly createHandler: typeof createHandler;
  readonly createStore: typeof createDynamoDBViewStore;
}

/** Loads the shipped handler, with the makers that a test changed. */
export function loaderOf(changed: Partial<Makers>): HandlerLoader {
  const makers = { createHandler, createStore: createDynamoDBViewStore, ...changed };
  return (environment, door, random, parts) => load(makers, environment, door, random, parts);
}

function load(
  { createHandler, createStore }: Makers,
  environment: Environment,
  door: Door,
  random: Random,
  { stage, log, limits, situation }: ShippedParts,
): LoadedHandler {
  const names = {
    contributions: `${stage}-Contributions`,
    scores: `${stage}-Scores`,
    events: `${stage}-Events`,
    quarantine: `${stage}-Quarantine`,
  };
  return createHandler({
    store: createStore(clientOf(environment, door), names),
    clock: {
      now: () => environment.now(),
      sleep: (ms, signal) => sleep(environment, ms, signal),
    },
    random,
    log,
    ...(limits === undefined ? {} : { limits }),
    ...(situation === undefined
      ? {}
      : { observe: (observation) => situationsOf(observation).forEach(situation) }),
  }) as LoadedHandler;
}

interface SentCommand {
  readonly input: object;
}

/** `send` is the only member of the client that the store uses. */
function clientOf(environment: Environment, door: Door): DynamoDBClient {
  const client = {
    send: (command: SentCommand, options?: { readonly abortSignal?: AbortSignal }) =>
      door(environment, operationOf(command), command.input, options?.abortSignal),
  };
  return client as unknown as DynamoDBClient;
}

function sleep(environment: Environment, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const callOff = environment.at(environment.worldNow() + Math.max(0, ms), resolve);
    signal.addEventListener(
      'abort',
      () => {
        callOff();
        resolve();
      },
      { once: true },
    );
  });
}
