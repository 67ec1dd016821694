/** Connects the DynamoDB clients of a foreign handler to the request paths of its environments. */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { adaptClient, type Execute, type SdkClient } from '../../dynamodb/engine/sdk-adapter.ts';
import { parseReference } from '../../module-reference.ts';
import { currentGuest, type Guest } from './guest.ts';
import type { RequestPath } from './request-path.ts';

interface ClientClass {
  readonly prototype: SdkClient;
}

/**
 * Adapts the SDK that the handler would import, and our own, which may be the same. Returns a
 * function that undoes it.
 */
export async function adaptClients(
  reference: string,
  requestPaths: ReadonlyMap<Guest, RequestPath>,
): Promise<() => void> {
  const classes = new Set<ClientClass>([DynamoDBClient]);
  const require = createRequire(pathToFileURL(parseReference(reference).file));
  for (const name of ['@aws-sdk/client-dynamodb', '@aws-sdk/lib-dynamodb']) {
    try {
      const module = (await import(pathToFileURL(require.resolve(name)).href)) as Record<
        string,
        ClientClass | undefined
      >;
      for (const found of [module['DynamoDBClient'], module['DynamoDBDocumentClient']]) {
        if (found !== undefined) classes.add(found);
      }
    } catch {
      // The handler doesn't have this package.
    }
  }
  const execute = executeForGuest(requestPaths);
  const undo = [...classes].map(({ prototype }) => adaptClient(prototype, execute));
  return () => {
    for (const restore of undo) restore();
  };
}

function executeForGuest(requestPaths: ReadonlyMap<Guest, RequestPath>): Execute {
  return (operation, input, abortSignal) => {
    const guest = currentGuest();
    const requestPath = guest && requestPaths.get(guest);
    if (guest === undefined || requestPath === undefined) {
      throw new Error("a handler's client was used outside of the handler");
    }
    // The handler may change its input while the request is in flight.
    return requestPath(guest.environment, operation, structuredClone(input), abortSignal);
  };
}
