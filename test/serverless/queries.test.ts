/** The queries of the workshop's Lesson 3, on tables that the handler has filled. */
import { DynamoDBDocumentClient, QueryCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { KinesisStreamEvent } from 'aws-lambda';
import { createDynamoDBViewStore } from '../../src/handler/dynamodb/view-store.ts';
import { createHandler } from '../../src/handler/handler.ts';
import type { WinnerEvent } from '../../src/simulator/workload/winner/event.ts';
import { winner } from '../../src/simulator/workload/winner/winner.ts';
import {
  batchOf,
  encodeAll,
  startViewServer,
  type View,
  type ViewServer,
} from '../support/view.ts';

jest.setTimeout(30_000);
let server: ViewServer;
let view: View;
let documents: DynamoDBDocumentClient;
let events: readonly WinnerEvent[];

beforeAll(async () => {
  server = await startViewServer();
  view = await server.createView();
  documents = DynamoDBDocumentClient.from(view.client);
  const history = winner.generate('lesson 3', { count: 300, entities: { products: 8, users: 5 } });
  events = Array.from({ length: history.length }, (_, at) => history.at(at));
  const handler = createHandler({
    store: createDynamoDBViewStore(view.client, view.names),
    clock: {
      now: () => 0,
      sleep: (_, signal) => new Promise((done) => signal.addEventListener('abort', () => done())),
    },
    random: () => 0,
    log: { warn() {}, error() {}, counted() {} },
  });
  const response = await handler(batchOf(encodeAll(events)) as KinesisStreamEvent, {
    getRemainingTimeInMillis: () => 60_000,
  });
  expect(response.batchItemFailures).toEqual([]);
});
afterAll(() => server.stop());

test.each(['creator', 'photographer'])(
  'the leaders among the %ss, highest score first',
  async (role) => {
    const { Items: leaders = [] } = await documents.send(
      new QueryCommand({
        TableName: view.names.scores,
        IndexName: 'ScoresByRole',
        KeyConditionExpression: '#ro = :ro',
        ProjectionExpression: 'userId, score',
        ExpressionAttributeNames: { '#ro': 'role' },
        ExpressionAttributeValues: { ':ro': role },
        ScanIndexForward: false,
      }),
    );
    const scores = leaders.map((leader) => leader['score'] as number);
    expect(scores).toEqual([...scores].sort((left, right) => right - left));
    expect(new Set(scores).size).toBeGreaterThan(1);
    const expected = [...(winner.reference(events).get('Scores') ?? [])]
      .filter((row) => row['role'] === role && row['score'] !== 0)
      .map(({ userId, score }) => ({ userId, score }));
    const byUser = (left: object, right: object) =>
      JSON.stringify(left) < JSON.stringify(right) ? -1 : 1;
    expect(leaders.map(({ userId, score }) => ({ userId, score })).sort(byUser)).toEqual(
      expected.sort(byUser),
    );
  },
);

test('the products, by a scan', async () => {
  const { Items: rows = [] } = await documents.send(
    new ScanCommand({ TableName: view.names.contributions, ProjectionExpression: 'productId' }),
  );
  const products = new Set(events.map(({ productId }) => productId));
  expect(new Set(rows.map((row) => row['productId']))).toEqual(products);
});
