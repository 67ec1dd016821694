import { expect, test } from '@jest/globals';
import { createSimulatedDynamoDB } from '../../../../src/simulator/dynamodb/engine/database.ts';
import type { Fault } from '../../../../src/simulator/dynamodb/gateway/fault.ts';
import { createGateway } from '../../../../src/simulator/dynamodb/gateway/gateway.ts';
import { createEnvironment } from '../../../../src/simulator/execution/virtual/environment.ts';
import {
  createCapacityMeter,
  forwardToDatabase,
} from '../../../../src/simulator/execution/virtual/forward-to-database.ts';
import { createLoop } from '../../../../src/simulator/execution/virtual/loop.ts';
import { createRequestPath } from '../../../../src/simulator/execution/virtual/request-path.ts';
import type { HistoryFact } from '../../../../src/simulator/model/history.ts';
import { seededRandom } from '../../../../src/simulator/random.ts';

const TABLE = {
  TableName: 'T',
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' as const }],
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' as const }],
  BillingMode: 'PAY_PER_REQUEST' as const,
};
const put = (id: string, more: object = {}) => ({
  TableName: 'T',
  Item: { id: { S: id } },
  ...more,
});

function prepare(fault?: Fault) {
  const loop = createLoop(0);
  const facts: HistoryFact[] = [];
  const meter = createCapacityMeter();
  const database = createSimulatedDynamoDB({
    tables: [TABLE],
    now: loop.now,
    onConsumed: meter.consumed,
  });
  let commits = 0;
  const gateway = createGateway({
    history: { append: (fact) => facts.push(fact) },
    forward: forwardToDatabase(database, meter, () => commits++),
    ...(fault === undefined ? {} : { faults: { decide: () => fault } }),
  });
  const requestPath = createRequestPath({
    gateway,
    loop,
    random: seededRandom('S', 'travel'),
    invocationOf: () => 7,
  });
  const environment = createEnvironment({
    worker: 'worker-1',
    loop,
    skewMs: 0,
    onFailed: () => {},
  });
  const stored = (id: string) =>
    'Item' in database.execute('GetItem', { TableName: 'T', Key: { id: { S: id } } });
  const send = (operation: string, input: object, signal?: AbortSignal) =>
    requestPath(environment, operation, input, signal);
  return { loop, facts, environment, stored, send, commits: () => commits };
}

/** The value, the error's name, or `pending` after all callbacks have run. */
async function outcomeOf(loop: { pause(ms: number): Promise<void> }, promise: Promise<unknown>) {
  let outcome: unknown = 'pending';
  promise.then(
    (value) => {
      outcome = value;
    },
    (error: Error) => {
      outcome = error.name;
    },
  );
  await loop.pause(10_000);
  return outcome;
}

test('a request and its response take time, and belong to their worker and invocation', async () => {
  const { loop, facts, stored, send, commits } = prepare();
  const response = send('PutItem', put('a'));
  expect(stored('a')).toBe(false);
  expect(await response).toMatchObject({ $metadata: { httpStatusCode: 200 } });
  expect(loop.now()).toBeGreaterThanOrEqual(2);
  expect([stored('a'), commits()]).toEqual([true, 1]);
  expect(facts).toMatchObject([
    { type: 'requested', worker: 'worker-1', invocation: 7, operation: 'PutItem', outcome: 'ok' },
  ]);
});

test('an error of DynamoDB is thrown as by the SDK', async () => {
  const { send, commits } = prepare();
  const isNew = { ConditionExpression: 'attribute_not_exists(id)' };
  await send('PutItem', put('a'));
  await expect(send('PutItem', put('a', isNew))).rejects.toMatchObject({
    name: 'ConditionalCheckFailedException',
    $fault: 'client',
  });
  expect(commits()).toBe(1);
});

test.each([
  ['ProvisionedThroughputExceededException', 400],
  ['InternalServerError', 500],
  ['ConditionalCheckFailedException', 400],
])('so is an error response of a fault: %s', async (name, status) => {
  const body = { __type: `com.amazonaws.dynamodb.v20120810#${name}`, message: 'no' };
  const { send } = prepare({
    name: 'throttled',
    apply: async () => ({ result: { kind: 'response', status, body }, happened: true }),
  });
  await expect(send('PutItem', put('a'))).rejects.toMatchObject({
    name,
    message: 'no',
    $metadata: { httpStatusCode: status },
  });
});

test('a cancelled transaction has its reasons', async () => {
  const { send } = prepare();
  await send('PutItem', put('a'));
  const Put = { ...put('a'), ConditionExpression: 'attribute_not_exists(id)' };
  const TransactItems = [{ Put: put('b') }, { Put }];
  await expect(send('TransactWriteItems', { TransactItems })).rejects.toMatchObject({
    name: 'TransactionCanceledException',
    CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed' }],
  });
});

test('a request in flight is applied though its sender dies; the response is lost', async () => {
  const { loop, environment, stored, send } = prepare();
  const response = send('PutItem', put('a'));
  environment.kill();
  expect(await outcomeOf(loop, response)).toBe('pending');
  expect(stored('a')).toBe(true);
});

test('a dead environment sends nothing', async () => {
  const { loop, environment, stored, send } = prepare();
  environment.kill();
  expect(await outcomeOf(loop, send('PutItem', put('a')))).toBe('pending');
  expect(stored('a')).toBe(false);
});

test('a response waits while its environment is frozen', async () => {
  const { loop, environment, stored, send } = prepare();
  const response = send('PutItem', put('a'));
  environment.freeze();
  expect(await outcomeOf(loop, response)).toBe('pending');
  expect(stored('a')).toBe(true);
  environment.thaw();
  expect(await outcomeOf(loop, response)).toMatchObject({ $metadata: {} });
});

test('a lost response appears as a broken connection after a while', async () => {
  const { loop, send, stored } = prepare({
    name: 'answer-lost',
    async apply(_, proceed) {
      await proceed();
      return { result: { kind: 'lost' }, happened: true };
    },
  });
  await expect(send('PutItem', put('a'))).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(loop.now()).toBeGreaterThanOrEqual(200);
  expect(stored('a')).toBe(true);
});

test('an abort rejects at once, but the request is still applied', async () => {
  const { loop, stored, send } = prepare();
  const controller = new AbortController();
  const response = send('PutItem', put('a'), controller.signal);
  controller.abort();
  await expect(response).rejects.toMatchObject({ name: 'AbortError' });
  expect(loop.now()).toBe(0);
  await loop.pause(1_000);
  expect(stored('a')).toBe(true);
});

test('a request with an aborted signal is not sent', async () => {
  const { loop, stored, send } = prepare();
  await expect(send('PutItem', put('a'), AbortSignal.abort())).rejects.toMatchObject({
    name: 'AbortError',
  });
  await loop.pause(1_000);
  expect(stored('a')).toBe(false);
});
