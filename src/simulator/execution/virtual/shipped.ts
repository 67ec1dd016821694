/** The shipped handler in a simulated environment: the same code with other ports. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type Situation, situationsOf } from '../../../handler/batch/situations.ts';
import { createDynamoDBViewStore } from '../../../handler/dynamodb/view-store.ts';
import { createHandler } from '../../../handler/handler.ts';
import type { Limits, Log } from '../../../handler/ports.ts';
import { operationOf } from '../../dynamodb/engine/operation-of.ts';
import type { Random } from '../../model/random.ts';
import type { TableDefinition } from '../../model/workload.ts';
import type { Environment } from './environment.ts';
import type { RequestPath } from './request-path.ts';
import type { LoadedHandler } from './simulated-worker.ts';

export { SITUATIONS } from '../../../handler/batch/situations.ts';
export type HandlerLimits = Partial<Limits>;

export interface ShippedParts {
  readonly stage: string;
  /** The workload's; the handler knows each by its name in lower case. */
  readonly tables: readonly TableDefinition[];
  readonly log: Log;
  readonly limits?: HandlerLimits;
  readonly situation?: ((name: Situation) => void) | undefined;
}

/** Makes a handler for one environment: the shipped one, or one that a test changed. */
export type HandlerLoader = (
  environment: Environment,
  requestPath: RequestPath,
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
  return (environment, requestPath, random, parts) =>
    load(makers, environment, requestPath, random, parts);
}

function load(
  { createHandler, createStore }: Makers,
  environment: Environment,
  requestPath: RequestPath,
  random: Random,
  { stage, tables, log, limits, situation }: ShippedParts,
): LoadedHandler {
  const names = Object.fromEntries(
    tables.map(({ name }) => [name.toLowerCase(), `${stage}-${name}`]),
  ) as Record<keyof Parameters<typeof createStore>[1], string>;
  return createHandler({
    store: createStore(clientOf(environment, requestPath), names),
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
function clientOf(environment: Environment, requestPath: RequestPath): DynamoDBClient {
  const client = {
    send: (command: SentCommand, options?: { readonly abortSignal?: AbortSignal }) =>
      requestPath(environment, operationOf(command), command.input, options?.abortSignal),
  };
  return client as unknown as DynamoDBClient;
}

function sleep(environment: Environment, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const callOff = environment.at(environment.worldNow() + Math.max(TIMER_MS_MIN, ms), resolve);
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

/** As Node's timers have it. */
const TIMER_MS_MIN = 1;
