import {
  ConditionalCheckFailedException,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from '@jest/globals';
import { createSimulatedDynamoDB } from '../../src/simulator/dynamodb/engine/database.ts';
import type { TableDefinition } from '../../src/simulator/dynamodb/engine/schema.ts';
import { adaptClient } from './adapt-client.ts';

const TABLES: readonly TableDefinition[] = [
  {
    TableName: 'Things',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  },
];

/** Wraps every request; `run` executes it. */
type Execution = (operation: string, input: object, run: () => object) => Promise<object> | object;

function prepare(execution: Execution = (_operation, _input, run) => run()) {
  const database = createSimulatedDynamoDB({ tables: TABLES, now: () => 0 });
  const client = new DynamoDBClient({ region: 'nowhere' });
  const document = DynamoDBDocumentClient.from(client, {
    marshallOptions: { removeUndefinedValues: true },
  });
  const execute = (operation: string, input: object) =>
    execution(operation, input, () => database.execute(operation, input));
  const restore = adaptClient(client, execute);
  adaptClient(document, execute);
  return { client, document, restore };
}

const put = new PutItemCommand({
  TableName: 'Things',
  Item: { id: { S: 'a' } },
  ConditionExpression: 'attribute_not_exists(id)',
  ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
});

describe('an adapted client', () => {
  test('runs its commands on the simulated database', async () => {
    const { client } = prepare();
    await client.send(put);
    const { Item: item, $metadata: metadata } = await client.send(
      new GetItemCommand({ TableName: 'Things', Key: { id: { S: 'a' } } }),
    );
    expect(item).toEqual({ id: { S: 'a' } });
    expect(metadata.httpStatusCode).toBe(200);
    const { Table: table } = await client.send(new DescribeTableCommand({ TableName: 'Things' }));
    expect(table?.TableStatus).toBe('ACTIVE');
  });

  test('throws what the SDK throws', async () => {
    const { client } = prepare();
    await client.send(put);
    const error = await client.send(put).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConditionalCheckFailedException);
    expect(error).toMatchObject({
      name: 'ConditionalCheckFailedException',
      $fault: 'client',
      Item: { id: { S: 'a' } },
    });
    const cancelled = await client
      .send(new TransactWriteItemsCommand({ TransactItems: [{ Put: put.input as never }] }))
      .catch((thrown: unknown) => thrown);
    expect(cancelled).toBeInstanceOf(TransactionCanceledException);
  });

  test('can be delayed, failed and observed by the executor', async () => {
    const seen: string[] = [];
    const { client, restore } = prepare(async (operation, _input, run) => {
      seen.push(operation);
      await Promise.resolve();
      const output = run();
      if (seen.length === 1) throw new Error('response lost');
      return output;
    });
    await expect(client.send(put)).rejects.toThrow('response lost');
    await expect(client.send(put)).rejects.toThrow('The conditional request failed');
    expect(seen).toEqual(['PutItem', 'PutItem']);
    restore();
    expect(client.send).toBe(DynamoDBClient.prototype.send);
  });

  test('calls a callback, if there is one', async () => {
    const { client } = prepare();
    const output = await new Promise((resolve, reject) => {
      void client.send(put, (error: unknown, data: unknown) =>
        error ? reject(error) : resolve(data),
      );
    });
    expect(output).toHaveProperty('$metadata');
  });
});

describe('adapted prototypes', () => {
  test('affect the clients that a handler creates', async () => {
    const database = createSimulatedDynamoDB({ tables: TABLES, now: () => 0 });
    const restores = [DynamoDBClient.prototype, DynamoDBDocumentClient.prototype].map((prototype) =>
      adaptClient(prototype, database.execute),
    );
    const client = new DynamoDBClient({ region: 'nowhere' });
    await client.send(put);
    const get = new GetCommand({ TableName: 'Things', Key: { id: 'a' } });
    const { Item: item } = await DynamoDBDocumentClient.from(client).send(get);
    expect(item).toEqual({ id: 'a' });
    for (const restore of restores) restore();
    expect(Object.hasOwn(DynamoDBClient.prototype, 'send')).toBe(false);
  });
});

describe('an adapted document client', () => {
  test('marshalls with its own options', async () => {
    const { document } = prepare();
    const item = { id: 'a', count: 1, nested: { list: [1, 'x', null], gone: undefined } };
    await document.send(new PutCommand({ TableName: 'Things', Item: item }));
    const updated = await document.send(
      new UpdateCommand({
        TableName: 'Things',
        Key: { id: 'a' },
        UpdateExpression: 'ADD #count :two, tags :tags',
        ExpressionAttributeNames: { '#count': 'count' },
        ExpressionAttributeValues: { ':two': 2, ':tags': new Set(['t']) },
        ReturnValues: 'ALL_NEW',
      }),
    );
    const stored = { id: 'a', count: 3, nested: { list: [1, 'x', null] }, tags: new Set(['t']) };
    expect(updated.Attributes).toEqual(stored);
    const key = { TableName: 'Things', Key: { id: 'a' } };
    expect((await document.send(new GetCommand(key))).Item).toEqual(stored);
    const query = new QueryCommand({
      TableName: 'Things',
      KeyConditionExpression: 'id = :id',
      ExpressionAttributeValues: { ':id': 'a' },
    });
    expect((await document.send(query)).Items).toEqual([stored]);
    const batch = await document.send(
      new BatchGetCommand({ RequestItems: { Things: { Keys: [{ id: 'a' }] } } }),
    );
    expect(batch.Responses).toEqual({ Things: [stored] });
  });

  test('throws what the SDK throws', async () => {
    const { document } = prepare();
    const twice = new TransactWriteCommand({
      TransactItems: [
        {
          Put: {
            TableName: 'Things',
            Item: { id: 'b' },
            ConditionExpression: 'attribute_not_exists(id)',
          },
        },
      ],
    });
    await document.send(twice);
    await expect(document.send(twice)).rejects.toBeInstanceOf(TransactionCanceledException);
  });
});
