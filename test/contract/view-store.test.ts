/** The DynamoDB store passes the contract on the simulated engine and on both local servers. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, jest } from '@jest/globals';
import { createDynamoDBViewStore } from '../../src/handler/dynamodb/view-store.ts';
import { createSimulatedDynamoDB } from '../../src/simulator/dynamodb/engine/database.ts';
import { readTableDefinitions } from '../../src/simulator/stack-template.ts';
import { adaptClient } from '../support/adapt-client.ts';
import { startViewServer, type ViewServer } from '../support/view.ts';
import { PAGE_ITEMS_MAX, viewStoreContract } from './view-store.ts';

jest.setTimeout(60_000);

viewStoreContract('DynamoDB, on the simulated engine', async () => {
  const tables = readTableDefinitions('contract').map(({ input }) => input);
  const database = createSimulatedDynamoDB({ tables, now: () => 0 });
  const client = new DynamoDBClient({ region: 'us-east-1' });
  adaptClient(client, (operation, input, signal) => {
    if (signal?.aborted) throw Object.assign(new Error('aborted'), { name: 'AbortError' });
    return database.execute(operation, input);
  });
  return {
    ...storesOf(client, 'contract'),
    rows: async (table) => [...database.readRows(`contract-${table}`)],
  };
});

describe.each(['dynoxide', 'dynamodb-local'] as const)('a server', (name) => {
  let server: ViewServer;
  beforeAll(async () => {
    server = await startViewServer(name);
  });
  afterAll(() => server.stop());

  viewStoreContract(`DynamoDB, on ${name}`, async () => {
    const { client, names, rows } = await server.createView();
    return { ...storesOf(client, names.contributions.replace(/-.*/, '')), rows };
  });
});

function storesOf(client: DynamoDBClient, stage: string) {
  const names = (prefix: string) => ({
    contributions: `${prefix}-Contributions`,
    scores: `${prefix}-Scores`,
    events: `${prefix}-Events`,
    quarantine: `${prefix}-Quarantine`,
  });
  return {
    store: createDynamoDBViewStore(client, names(stage), PAGE_ITEMS_MAX),
    missing: createDynamoDBViewStore(client, names('missing')),
  };
}
