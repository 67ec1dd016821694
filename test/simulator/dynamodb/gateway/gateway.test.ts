import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Fault } from '../../../../src/simulator/dynamodb/gateway/fault.ts';
import { createGateway, type Gateway } from '../../../../src/simulator/dynamodb/gateway/gateway.ts';
import { httpForward } from '../../../../src/simulator/dynamodb/gateway/http-forward.ts';
import type { JsonObject } from '../../../../src/simulator/dynamodb/gateway/json.ts';
import type { GatewayResponse } from '../../../../src/simulator/dynamodb/gateway/request.ts';
import {
  type ServedGateway,
  serveGateway,
} from '../../../../src/simulator/dynamodb/gateway/serve-gateway.ts';
import { createHistory } from '../../../../src/simulator/history/history.ts';
import type { HistoryRecord } from '../../../../src/simulator/model/history.ts';
import {
  LOCAL_CREDENTIALS,
  LOCAL_REGION,
} from '../../../../src/simulator/servers/local-credentials.ts';
import { type RunningServer, startServer } from '../../../../src/simulator/servers/server.ts';

const LOCAL = { region: LOCAL_REGION, credentials: LOCAL_CREDENTIALS };
const TABLE = 'dev-Scores';

describe('the gateway in front of a real server', () => {
  let server: RunningServer;
  let served: ServedGateway;
  let client: DynamoDBClient;
  let forward: ReturnType<typeof httpForward>;
  let fault: Fault | undefined;
  let history: HistoryRecord[] = [];

  beforeAll(async () => {
    server = await startServer('dynoxide');
    forward = httpForward(server.endpoint);
    const gateway = createGateway({
      history: createHistory(() => 0, [(record) => history.push(record)]),
      forward: forward.forward,
      faults: { decide: () => fault },
    });
    served = await serveGateway(gateway, { worker: 'worker-3', invocationOf: () => 17 });
    client = new DynamoDBClient({ ...LOCAL, endpoint: served.endpoint, maxAttempts: 1 });
    await client.send(
      new CreateTableCommand({
        TableName: TABLE,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [
          { AttributeName: 'userId', AttributeType: 'S' },
          { AttributeName: 'role', AttributeType: 'S' },
          { AttributeName: 'score', AttributeType: 'N' },
        ],
        KeySchema: [
          { AttributeName: 'userId', KeyType: 'HASH' },
          { AttributeName: 'role', KeyType: 'RANGE' },
        ],
        GlobalSecondaryIndexes: [
          {
            IndexName: 'ScoresByRole',
            KeySchema: [
              { AttributeName: 'role', KeyType: 'HASH' },
              { AttributeName: 'score', KeyType: 'RANGE' },
            ],
            Projection: { ProjectionType: 'KEYS_ONLY' },
          },
        ],
      }),
    );
  });
  beforeEach(() => {
    history = [];
    fault = undefined;
  });
  afterAll(async () => {
    client.destroy();
    await served.close();
    forward.close();
    await server.stop();
  });

  const item = (userId: string, bytes = 0) => ({
    userId: { S: userId },
    role: { S: 'creator' },
    score: { N: '1' },
    ...(bytes === 0 ? {} : { text: { S: 'x'.repeat(bytes) } }),
  });
  const put = (userId: string, bytes = 0) =>
    new PutItemCommand({ TableName: TABLE, Item: item(userId, bytes) });

  test('appends whose request it was, what it touched and what it consumed', async () => {
    const output = await client.send(put('ann', 1_500));
    expect(output.ConsumedCapacity).toBeUndefined();
    expect(history).toEqual([
      {
        atMs: 0,
        type: 'requested',
        request: expect.any(Number),
        worker: 'worker-3',
        invocation: 17,
        operation: 'PutItem',
        tables: [TABLE],
        items: 1,
        outcome: 'ok',
        // Two units for 1.5 KB, one for the index.
        capacity: { readUnits: 0, writeUnits: 3 },
        cancelledWriteUnits: 0,
      },
    ]);
  });

  test('reports the capacity to a caller that asks for it, and appends the same', async () => {
    const output = await client.send(
      new BatchWriteItemCommand({
        RequestItems: {
          [TABLE]: [{ PutRequest: { Item: item('bea') } }, { PutRequest: { Item: item('cy') } }],
        },
        ReturnConsumedCapacity: 'TOTAL',
      }),
    );
    const reported = output.ConsumedCapacity?.[0]?.CapacityUnits;
    expect(reported).toBe(4);
    expect(history).toMatchObject([{ items: 2, capacity: { readUnits: 0, writeUnits: reported } }]);
  });

  test('counts reads as reads, and a query as one item', async () => {
    await client.send(put('dan'));
    history = [];
    await client.send(
      new GetItemCommand({
        TableName: TABLE,
        Key: { userId: { S: 'dan' }, role: { S: 'creator' } },
        ConsistentRead: true,
      }),
    );
    await client.send(
      new QueryCommand({
        TableName: TABLE,
        IndexName: 'ScoresByRole',
        KeyConditionExpression: '#r = :r',
        ExpressionAttributeNames: { '#r': 'role' },
        ExpressionAttributeValues: { ':r': { S: 'creator' } },
      }),
    );
    expect(history).toMatchObject([
      { operation: 'GetItem', capacity: { readUnits: 1, writeUnits: 0 } },
      { operation: 'Query', items: 1, capacity: { readUnits: 0.5, writeUnits: 0 } },
    ]);
  });

  test('measures a transaction, its repetition with the token, and a cancelled one', async () => {
    const transaction = (token: string, condition?: string) =>
      new TransactWriteItemsCommand({
        ClientRequestToken: token,
        TransactItems: [
          { Put: { TableName: TABLE, Item: item('eve', 1_500) } },
          {
            Update: {
              TableName: TABLE,
              Key: { userId: { S: 'fay' }, role: { S: 'creator' } },
              UpdateExpression: 'SET extra = :e',
              ...(condition === undefined ? {} : { ConditionExpression: condition }),
              ExpressionAttributeValues: { ':e': { S: 'y' } },
            },
          },
        ],
      });
    await client.send(transaction('one'));
    await client.send(transaction('one'));
    await expect(client.send(transaction('two', 'attribute_not_exists(userId)'))).rejects.toThrow(
      /ConditionalCheckFailed/,
    );
    expect(history).toMatchObject([
      // The put: 2 KB twice, and the index twice. The update: 1 KB twice, no index entry.
      { items: 2, outcome: 'ok', capacity: { readUnits: 0 }, cancelledWriteUnits: 0 },
      { outcome: 'ok', capacity: { writeUnits: 0 }, cancelledWriteUnits: 0 },
      {
        outcome: 'TransactionCanceledException',
        cancellationReasons: ['None', 'ConditionalCheckFailed'],
        capacity: { readUnits: 0, writeUnits: 0 },
        cancelledWriteUnits: 2 * 2 + 2 * 1,
      },
    ]);
    const [first, second] = history as { capacity: { writeUnits: number; readUnits: number } }[];
    expect(first?.capacity.writeUnits).toBeGreaterThanOrEqual(6);
    expect(second?.capacity.readUnits).toBeGreaterThan(0);
  });

  test('charges a failed condition of a single write by its size, at least one unit', async () => {
    await expect(
      client.send(
        new UpdateItemCommand({
          TableName: TABLE,
          Key: { userId: { S: 'missing' }, role: { S: 'creator' } },
          UpdateExpression: 'SET score = :s',
          ConditionExpression: 'attribute_exists(userId)',
          ExpressionAttributeValues: { ':s': { N: '1' } },
        }),
      ),
    ).rejects.toThrow(/conditional/);
    await client.send(put('gil'));
    await expect(
      client.send(
        new PutItemCommand({
          TableName: TABLE,
          Item: item('gil', 3_000),
          ConditionExpression: 'attribute_not_exists(userId)',
        }),
      ),
    ).rejects.toThrow(/conditional/);
    expect(history).toMatchObject([
      {
        outcome: 'ConditionalCheckFailedException',
        capacity: { writeUnits: 0 },
        cancelledWriteUnits: 1,
      },
      { outcome: 'ok' },
      { outcome: 'ConditionalCheckFailedException', cancelledWriteUnits: 3 },
    ]);
  });

  test('passes names like __proto__ unchanged', async () => {
    await client.send(
      new PutItemCommand({
        TableName: TABLE,
        Item: JSON.parse(
          JSON.stringify(item('__proto__')).replace('}}', '},"__proto__":{"S":"p"}}'),
        ),
      }),
    );
    const { Item } = await client.send(
      new GetItemCommand({
        TableName: TABLE,
        Key: { userId: { S: '__proto__' }, role: { S: 'creator' } },
      }),
    );
    expect(Item?.['userId']).toEqual({ S: '__proto__' });
  });

  test('a fault can respond instead of the server, or drop its response, or do nothing', async () => {
    const refusal: GatewayResponse = {
      kind: 'response',
      status: 400,
      body: {
        __type: 'com.amazonaws.dynamodb.v20120810#ThrottlingException',
        message: 'slow down',
      },
    };
    fault = { name: 'throttled', apply: async () => ({ result: refusal, happened: true }) };
    await expect(client.send(put('hal'))).rejects.toThrow('slow down');
    fault = {
      name: 'answer-lost',
      apply: async (_, proceed) => {
        await proceed();
        return { result: { kind: 'lost' }, happened: true };
      },
    };
    await expect(client.send(put('ian'))).rejects.toThrow(/hang up|ECONNRESET/);
    expect(history).toMatchObject([
      { outcome: 'ThrottlingException', fault: 'throttled', capacity: { writeUnits: 0 } },
      { outcome: 'lost', fault: 'answer-lost', capacity: { writeUnits: 2 } },
    ]);
    fault = {
      name: 'small-pages',
      apply: async (_, proceed) => ({ result: await proceed(), happened: false }),
    };
    await client.send(put('joe'));
    expect(history.at(-1)).not.toHaveProperty('fault');
  });
});

describe('the gateway', () => {
  const handle = async (
    forward: (input: JsonObject) => Promise<GatewayResponse>,
    input: JsonObject,
  ) => {
    const history: HistoryRecord[] = [];
    const gateway: Gateway = createGateway({
      history: createHistory(() => 5, [(record) => history.push(record)]),
      forward: (_, asked) => forward(asked),
    });
    const request = { operation: 'DescribeTable', input, worker: 'w', invocation: 0 };
    return { result: await gateway.handle(request), history };
  };

  test('loses the response of a server that cannot be reached', async () => {
    const { result, history } = await handle(async () => {
      throw new Error('connect ECONNREFUSED');
    }, {});
    expect(result).toEqual({ kind: 'lost' });
    expect(history).toMatchObject([{ outcome: 'lost', atMs: 5 }]);
  });

  test('is idle once no request is in flight', async () => {
    const response = Promise.withResolvers<GatewayResponse>();
    const order: string[] = [];
    const gateway = createGateway({
      history: createHistory(() => 5, [() => order.push('answered')]),
      forward: () => response.promise,
    });
    await gateway.idle();
    void gateway.handle({ operation: 'PutItem', input: {}, worker: 'w', invocation: 1 });
    const idle = gateway.idle().then(() => order.push('idle'));
    response.resolve({ kind: 'response', status: 200, body: {} });
    await idle;
    expect(order).toEqual(['answered', 'idle']);
  });

  test('does not ask for capacity where an operation cannot report it', async () => {
    let asked: JsonObject = {};
    await handle(
      async (input) => {
        asked = input;
        return { kind: 'response', status: 200, body: {} };
      },
      { TableName: TABLE },
    );
    expect(asked).toEqual({ TableName: TABLE });
  });
});
