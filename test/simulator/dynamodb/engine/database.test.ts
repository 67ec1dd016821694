import { describe, expect, test } from '@jest/globals';
import type { Consumption } from '../../../../src/simulator/dynamodb/engine/consumption.ts';
import {
  createSimulatedDynamoDB,
  type SimulatedDynamoDBOptions,
} from '../../../../src/simulator/dynamodb/engine/database.ts';
import type { TableDefinition } from '../../../../src/simulator/dynamodb/engine/schema.ts';

const TABLES: readonly TableDefinition[] = [
  {
    TableName: 'Scores',
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
        IndexName: 'ByRole',
        KeySchema: [
          { AttributeName: 'role', KeyType: 'HASH' },
          { AttributeName: 'score', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ],
  },
  {
    TableName: 'Events',
    AttributeDefinitions: [
      { AttributeName: 'productId', AttributeType: 'S' },
      { AttributeName: 'eventId', AttributeType: 'S' },
    ],
    KeySchema: [
      { AttributeName: 'productId', KeyType: 'HASH' },
      { AttributeName: 'eventId', KeyType: 'RANGE' },
    ],
  },
];

function prepare(options: Partial<SimulatedDynamoDBOptions> = {}) {
  const clock = { ms: 0 };
  const database = createSimulatedDynamoDB({ tables: TABLES, now: () => clock.ms, ...options });
  const execute = (operation: string, input: object) =>
    database.execute(operation, input) as Record<string, unknown>;
  const failure = (operation: string, input: object): Error & Record<string, unknown> => {
    try {
      execute(operation, input);
    } catch (error) {
      return error as Error & Record<string, unknown>;
    }
    throw new Error(`${operation} succeeded`);
  };
  return { clock, execute, failure };
}

function score(userId: string, value: number) {
  return { userId: { S: userId }, role: { S: 'creator' }, score: { N: String(value) } };
}

function scoreKey(userId: string) {
  return { userId: { S: userId }, role: { S: 'creator' } };
}

const BY_ROLE = {
  TableName: 'Scores',
  IndexName: 'ByRole',
  KeyConditionExpression: '#role = :role',
  ExpressionAttributeNames: { '#role': 'role' },
  ExpressionAttributeValues: { ':role': { S: 'creator' } },
};

test.each<[string, object, string]>([
  ['UpdateTimeToLive', {}, 'the operation UpdateTimeToLive of DynamoDB'],
  ['Scan', { TableName: 'Scores', TotalSegments: 2 }, 'parallel scans of DynamoDB'],
  ['PutItem', { TableName: 'Scores', Expected: {} }, 'the legacy parameter Expected of DynamoDB'],
  [
    'CreateTable',
    { TableName: 'T', LocalSecondaryIndexes: [] },
    'local secondary indexes of DynamoDB',
  ],
])('%s %j is not simulated, and says so', (operation, input, feature) => {
  const { failure } = prepare();
  expect(failure(operation, input)).toMatchObject({ name: 'NotSimulated', feature });
});

describe('values', () => {
  test('are never shared with the caller', () => {
    const { execute } = prepare();
    const list = { L: [{ S: 'a' }] };
    const bytes = Uint8Array.of(1);
    const item = { ...scoreKey('u'), list, bytes: { B: bytes } };
    execute('PutItem', { TableName: 'Scores', Item: item });
    list.L.push({ S: 'b' });
    bytes[0] = 9;
    const first = execute('GetItem', { TableName: 'Scores', Key: scoreKey('u') })['Item'];
    const read = first as { list: { L: unknown[] }; bytes: { B: Uint8Array } };
    expect(read.list).toEqual({ L: [{ S: 'a' }] });
    expect([...read.bytes.B]).toEqual([1]);
    read.list.L.length = 0;
    read.bytes.B[0] = 7;
    const second = execute('GetItem', { TableName: 'Scores', Key: scoreKey('u') })['Item'];
    expect(second).toMatchObject({ list: { L: [{ S: 'a' }] }, bytes: { B: Uint8Array.of(1) } });
  });

  test('may have any name and text', () => {
    const { execute } = prepare();
    const odd = JSON.parse('{"__proto__":{"S":"#c"},"constructor":{"N":"1"}}');
    execute('PutItem', { TableName: 'Scores', Item: { ...scoreKey('__proto__'), ...odd } });
    const stored = execute('GetItem', { TableName: 'Scores', Key: scoreKey('__proto__') })['Item'];
    expect(Object.keys(stored as object)).toContain('__proto__');
    const updated = execute('UpdateItem', {
      TableName: 'Scores',
      Key: scoreKey('__proto__'),
      UpdateExpression: 'ADD #c :one',
      ConditionExpression: 'attribute_not_exists(toString)',
      ExpressionAttributeNames: { '#c': 'constructor' },
      ExpressionAttributeValues: { ':one': { N: '1' } },
      ReturnValues: 'UPDATED_NEW',
    });
    expect(updated['Attributes']).toEqual({ constructor: { N: '2' } });
  });

  test('that are numbers are added exactly, beyond the precision of a double', () => {
    const { execute, failure } = prepare();
    const add = (value: string) => ({
      TableName: 'Scores',
      Key: scoreKey('u'),
      UpdateExpression: 'ADD big :v',
      ExpressionAttributeValues: { ':v': { N: value } },
      ReturnValues: 'UPDATED_NEW',
    });
    execute('UpdateItem', add('9007199254740993'));
    expect(execute('UpdateItem', add('2'))['Attributes']).toEqual({
      big: { N: '9007199254740995' },
    });
    execute('UpdateItem', add('-9007199254740995'));
    expect(execute('UpdateItem', add('1e-20'))['Attributes']).toEqual({
      big: { N: '0.00000000000000000001' },
    });
    expect(failure('UpdateItem', add('1e30')).message).toMatch(/more than 38 significant digits/);
  });
});

describe('updates', () => {
  test('append elements beyond the end, and remove by the indexes before the update', () => {
    const { execute } = prepare();
    const letters = ['a', 'b', 'c', 'd'].map((letter) => ({ S: letter }));
    execute('PutItem', { TableName: 'Scores', Item: { ...scoreKey('u'), l: { L: letters } } });
    const { Attributes: attributes } = execute('UpdateItem', {
      TableName: 'Scores',
      Key: scoreKey('u'),
      UpdateExpression: 'SET l[9] = :z, l[7] = :y REMOVE l[0], l[2]',
      ExpressionAttributeValues: { ':z': { S: 'z' }, ':y': { S: 'y' } },
      ReturnValues: 'ALL_NEW',
    });
    expect(attributes).toMatchObject({
      l: { L: [{ S: 'b' }, { S: 'd' }, { S: 'y' }, { S: 'z' }] },
    });
  });

  test('of key attributes are refused', () => {
    const { failure } = prepare();
    const error = failure('UpdateItem', {
      TableName: 'Scores',
      Key: scoreKey('u'),
      UpdateExpression: 'SET userId = :v',
      ExpressionAttributeValues: { ':v': { S: 'v' } },
    });
    expect(error.message).toMatch(/Cannot update attribute userId/);
  });
});

describe('expressions', () => {
  const check = (ConditionExpression: string, more: object = {}) => ({
    TableName: 'Scores',
    Key: scoreKey('missing'),
    ConditionExpression,
    ...more,
  });

  test.each([
    ['a === :v', 'Invalid ConditionExpression: Syntax error; token: "=", near: "==="'],
    ['a = ', 'Invalid ConditionExpression: Syntax error; token: "<EOF>", near: "= "'],
    ['size(a)', 'The function is not allowed to be used this way in an expression; function: size'],
    ['nope(a)', 'Invalid ConditionExpression: Invalid function name; function: nope'],
    ['status = :v', 'Attribute name is a reserved keyword; reserved keyword: status'],
    ['((a = :v))', 'The expression has redundant parentheses;'],
    ['a < a', 'The first operand must be distinct from the remaining operands'],
    ['contains(a)', 'Incorrect number of operands for operator or function'],
    ['a = :other', 'An expression attribute value used in expression is not defined'],
    ['#a = :v', 'An expression attribute name used in the document path is not defined'],
    ['attribute_exists(a)', 'Value provided in ExpressionAttributeValues unused in expressions'],
  ])('%s is refused', (text, message) => {
    const { failure } = prepare();
    const error = failure(
      'DeleteItem',
      check(text, { ExpressionAttributeValues: { ':v': { N: '1' } } }),
    );
    expect(error.name).toBe('ValidationException');
    expect(error.message).toContain(message);
  });

  test('order strings by their UTF-8 bytes', () => {
    const { execute } = prepare();
    for (const eventId of ['\uffee', '\u{1f600}', 'z', 'é']) {
      execute('PutItem', {
        TableName: 'Events',
        Item: { productId: { S: 'p' }, eventId: { S: eventId } },
      });
    }
    const { Items: items } = execute('Query', {
      TableName: 'Events',
      KeyConditionExpression: 'productId = :p',
      ExpressionAttributeValues: { ':p': { S: 'p' } },
    });
    const ids = (items as { eventId: { S: string } }[]).map((item) => item.eventId.S);
    expect(ids).toEqual(['z', 'é', '\uffee', '\u{1f600}']);
  });
});

describe('limits', () => {
  test('of pages and transactions can be set', () => {
    const { execute, failure } = prepare({
      limits: { pageBytesMax: 100, transactionActionsMax: 2 },
    });
    for (let index = 0; index < 10; index++) {
      const item = {
        productId: { S: 'p' },
        eventId: { S: `e${index}` },
        origin: { S: 'origin' },
      };
      execute('PutItem', { TableName: 'Events', Item: item });
    }
    const seen: string[] = [];
    let start: unknown;
    let pages = 0;
    do {
      const page = execute('Query', {
        TableName: 'Events',
        KeyConditionExpression: 'productId = :p',
        FilterExpression: 'origin = :o',
        ExpressionAttributeValues: { ':p': { S: 'p' }, ':o': { S: 'origin' } },
        ...(start ? { ExclusiveStartKey: start } : {}),
      });
      seen.push(...(page['Items'] as { eventId: { S: string } }[]).map(({ eventId }) => eventId.S));
      start = page['LastEvaluatedKey'];
      pages++;
    } while (start);
    expect(seen).toEqual(Array.from({ length: 10 }, (_, index) => `e${index}`));
    expect(pages).toBe(4);
    const put = (id: string) => ({
      Put: { TableName: 'Events', Item: { productId: { S: 'p' }, eventId: { S: id } } },
    });
    const three = { TransactItems: [put('x'), put('y'), put('z')] };
    expect(failure('TransactWriteItems', three).message).toMatch(/less than or equal to 2/);
  });

  test('of items and keys are those of AWS', () => {
    const { failure } = prepare();
    const item = (more: object) => ({ TableName: 'Scores', Item: { ...scoreKey('u'), ...more } });
    expect(failure('PutItem', item({ a: { S: 'x'.repeat(410_000) } })).message).toBe(
      'Item size has exceeded the maximum allowed size',
    );
    expect(failure('PutItem', item({ userId: { S: 'x'.repeat(2049) } })).message).toMatch(
      /hashkey/,
    );
    expect(failure('PutItem', item({ role: { S: 'x'.repeat(1025) } })).message).toMatch(/1024/);
    expect(failure('PutItem', item({ a: { SS: [] } })).message).toMatch(/may not be empty/);
  });
});

describe('transactions', () => {
  const add = (userId: string, token: string, amount = '1') => ({
    ClientRequestToken: token,
    ReturnConsumedCapacity: 'TOTAL',
    TransactItems: [
      {
        Update: {
          TableName: 'Scores',
          Key: scoreKey(userId),
          UpdateExpression: 'ADD score :v',
          ExpressionAttributeValues: { ':v': { N: amount } },
        },
      },
    ],
  });
  const current = (execute: ReturnType<typeof prepare>['execute'], userId: string) =>
    (
      execute('GetItem', { TableName: 'Scores', Key: scoreKey(userId) })['Item'] as never as {
        score: { N: string };
      }
    ).score.N;

  test('do nothing unless all conditions hold, and list the reasons in order', () => {
    const { execute, failure } = prepare();
    execute('PutItem', { TableName: 'Scores', Item: score('u', 1) });
    const error = failure('TransactWriteItems', {
      TransactItems: [
        { Put: { TableName: 'Scores', Item: score('v', 1) } },
        {
          Put: {
            TableName: 'Scores',
            Item: score('u', 2),
            ConditionExpression: 'attribute_not_exists(userId)',
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          },
        },
      ],
    });
    expect(error.name).toBe('TransactionCanceledException');
    expect(error['CancellationReasons']).toEqual([
      { Code: 'None' },
      {
        Code: 'ConditionalCheckFailed',
        Message: 'The conditional request failed',
        Item: score('u', 1),
      },
    ]);
    const { Item: item } = execute('GetItem', { TableName: 'Scores', Key: scoreKey('v') });
    expect(item).toBeUndefined();
  });

  test('with the same token happen once within ten minutes, and again later', () => {
    const { clock, execute, failure } = prepare();
    execute('TransactWriteItems', add('u', 'token'));
    clock.ms = 9 * 60_000;
    const { ConsumedCapacity: capacity } = execute('TransactWriteItems', add('u', 'token'));
    expect(capacity).toEqual([{ TableName: 'Scores', CapacityUnits: 2, ReadCapacityUnits: 2 }]);
    expect(current(execute, 'u')).toBe('1');
    expect(failure('TransactWriteItems', add('u', 'token', '2')).name).toBe(
      'IdempotentParameterMismatchException',
    );
    clock.ms = 10 * 60_000;
    execute('TransactWriteItems', add('u', 'token'));
    expect(current(execute, 'u')).toBe('2');
  });
});

describe('capacity', () => {
  test('is reported to the listener, for rejected requests too', () => {
    const consumed: Consumption[] = [];
    const { execute, failure } = prepare({ onConsumed: (one) => consumed.push(one) });
    execute('PutItem', { TableName: 'Scores', Item: score('u', 1) });
    failure('PutItem', {
      TableName: 'Scores',
      Item: score('u', 1),
      ConditionExpression: 'attribute_not_exists(userId)',
    });
    failure('TransactWriteItems', {
      TransactItems: [
        { Delete: { TableName: 'Scores', Key: scoreKey('v') } },
        {
          ConditionCheck: {
            TableName: 'Scores',
            Key: scoreKey('u'),
            ConditionExpression: 'attribute_not_exists(userId)',
          },
        },
      ],
    });
    expect(
      consumed.map(({ writeUnits, indexWriteUnits, refused }) => [
        writeUnits,
        indexWriteUnits,
        refused,
      ]),
    ).toEqual([
      [2, 1, false],
      [1, 0, true],
      [4, 0, true],
    ]);
  });
});

describe('stale reads', () => {
  test('count an index and a table as of the past, within the maximum lag', () => {
    const lags = { table: 0, index: 0 };
    const { clock, execute } = prepare({
      staleness: ({ indexName }) => (indexName ? lags.index : lags.table),
      stalenessMsMax: 1000,
    });
    const get = (more = {}) =>
      execute('GetItem', { TableName: 'Scores', Key: scoreKey('u'), ...more })['Item'];
    const names = () =>
      (execute('Query', BY_ROLE)['Items'] as { userId: { S: string } }[]).map(
        ({ userId }) => userId.S,
      );
    clock.ms = 10_000;
    execute('PutItem', { TableName: 'Scores', Item: score('u', 5) });
    execute('PutItem', { TableName: 'Scores', Item: score('v', 3) });
    clock.ms = 11_000;
    execute('PutItem', { TableName: 'Scores', Item: score('u', 1) });
    execute('DeleteItem', { TableName: 'Scores', Key: scoreKey('v') });
    expect([get(), names()]).toEqual([score('u', 1), ['u']]);
    lags.index = 500;
    expect([get(), names()]).toEqual([score('u', 1), ['v', 'u']]);
    lags.table = 500;
    expect([get(), get({ ConsistentRead: true })]).toEqual([score('u', 5), score('u', 1)]);
    lags.table = 5_000;
    lags.index = 5_000;
    expect([get(), names()]).toEqual([score('u', 5), ['v', 'u']]);
    clock.ms = 13_000;
    expect([get(), names()]).toEqual([score('u', 1), ['u']]);
  });
});
