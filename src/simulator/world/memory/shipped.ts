/** The shipped handler in a simulated environment: the same code, given other parts. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createHandler } from '../../../handler/create-handler.ts';
import type { Limits, Log } from '../../../handler/ports.ts';
import { createTables } from '../../../handler/tables.ts';
import type { Dice } from '../../dice.ts';
import type { Door } from './door.ts';
import type { Environment } from './environment.ts';
import type { LoadedHandler } from './function.ts';

export interface ShippedParts {
  readonly stage: string;
  readonly log: Log;
  readonly limits?: Partial<Limits>;
}

export function loadShippedHandler(
  environment: Environment,
  door: Door,
  dice: Dice,
  { stage, log, limits }: ShippedParts,
): LoadedHandler {
  const names = {
    contributions: `${stage}-Contributions`,
    scores: `${stage}-Scores`,
    events: `${stage}-Events`,
    quarantine: `${stage}-Quarantine`,
  };
  return createHandler({
    tables: createTables(clientOf(environment, door), names),
    clock: {
      now: () => environment.now(),
      sleep: (ms, signal) => sleep(environment, ms, signal),
    },
    dice,
    log,
    ...(limits === undefined ? {} : { limits }),
  }) as LoadedHandler;
}

interface SentCommand {
  readonly input: object;
}

/** All that the handler asks of a client is `send`. */
function clientOf(environment: Environment, door: Door): DynamoDBClient {
  const client = {
    send: (command: SentCommand, options?: { readonly abortSignal?: AbortSignal }) =>
      door(
        environment,
        command.constructor.name.replace(/Command(\$\d+)?$/, ''),
        command.input,
        options?.abortSignal,
      ),
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
