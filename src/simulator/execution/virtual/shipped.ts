/** The shipped handler in a simulated environment: the same code with other ports. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createHandler } from '../../../handler/create-handler.ts';
import type { Limits, Log, Situation } from '../../../handler/ports.ts';
import { createTables } from '../../../handler/tables.ts';
import { operationOf } from '../../dynamodb/engine/sdk-adapter.ts';
import type { Random } from '../../model/random.ts';
import type { TableDefinition } from '../../model/workload.ts';
import type { Environment } from './environment.ts';
import type { RequestPath } from './request-path.ts';
import type { LoadedHandler } from './simulated-worker.ts';

export { SITUATIONS } from '../../../handler/ports.ts';
export type HandlerLimits = Partial<Limits>;

export interface ShippedParts {
  readonly stage: string;
  /** The workload's; the handler knows each by its name in lower case. */
  readonly tables: readonly TableDefinition[];
  readonly log: Log;
  readonly limits?: HandlerLimits;
  readonly situation?: ((name: Situation) => void) | undefined;
}

/** Makes a handler for one environment: the shipped one, or one that was changed for a test. */
export type HandlerLoader = (
  environment: Environment,
  requestPath: RequestPath,
  random: Random,
  parts: ShippedParts,
) => LoadedHandler | Promise<LoadedHandler>;

export const loadShippedHandler: HandlerLoader = loaderOf({ createHandler, createTables });

/** A loader for the handler that these two make. */
export function loaderOf(made: {
  readonly createHandler: typeof createHandler;
  readonly createTables: typeof createTables;
}): HandlerLoader {
  return (environment, requestPath, random, parts) =>
    load(made, environment, requestPath, random, parts);
}

function load(
  made: Parameters<typeof loaderOf>[0],
  environment: Environment,
  requestPath: RequestPath,
  random: Random,
  { stage, tables, log, limits, situation }: ShippedParts,
): LoadedHandler {
  const names = Object.fromEntries(
    tables.map(({ name }) => [name.toLowerCase(), `${stage}-${name}`]),
  ) as Record<keyof Parameters<typeof createTables>[1], string>;
  return made.createHandler({
    tables: made.createTables(clientOf(environment, requestPath), names),
    clock: {
      now: () => environment.now(),
      sleep: (ms, signal) => sleep(environment, ms, signal),
    },
    random,
    log,
    ...(limits === undefined ? {} : { limits }),
    ...(situation === undefined ? {} : { situation }),
  }) as LoadedHandler;
}

interface SentCommand {
  readonly input: object;
}

/** All that the handler asks of a client is `send`. */
function clientOf(environment: Environment, requestPath: RequestPath): DynamoDBClient {
  const client = {
    send: (command: SentCommand, options?: { readonly abortSignal?: AbortSignal }) =>
      requestPath(environment, operationOf(command), command.input, options?.abortSignal),
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
