import { describe, expect, test } from '@jest/globals';
import { objectOf } from '../../../../src/simulator/dynamodb/gateway/json.ts';
import { FAULT_NAMES, type FaultName } from '../../../../src/simulator/model/faults.ts';
import { faulty, OK, ok, REFUSED, transaction } from './faulty-gateway.ts';

const PLAIN_WRITES = ['PutItem', 'UpdateItem', 'DeleteItem'];
const WRITES = [...PLAIN_WRITES, 'BatchWriteItem', 'TransactWriteItems'];
const READS = ['GetItem', 'BatchGetItem', 'Query', 'Scan', 'TransactGetItems'];

/** Inputs to which every fault of their operation applies. */
const INPUTS = {
  BatchWriteItem: { RequestItems: { T: [1, 2].map((id) => put(id)) } },
  BatchGetItem: { RequestItems: { T: { Keys: [1, 2].map((id) => ({ id: { N: `${id}` } })) } } },
  TransactWriteItems: transaction(3),
  TransactGetItems: { TransactItems: [{ Get: { TableName: 'T' } }] },
};

function put(id: number) {
  return { PutRequest: { Item: { id: { N: String(id) } } } };
}

test.each<[FaultName, readonly string[]]>([
  ['throttled', [...WRITES, ...READS]],
  ['conflict', [...PLAIN_WRITES, 'TransactWriteItems']],
  ['internal-error-before', [...WRITES, ...READS]],
  ['internal-error-after', WRITES],
  ['answer-lost', WRITES],
  ['slow', [...WRITES, ...READS]],
  ['unprocessed-items', ['BatchWriteItem', 'BatchGetItem']],
  ['index-lag', []],
  ['small-pages', ['Query', 'Scan']],
])('%s applies to the operations that can fail this way only', async (name, operations) => {
  const page = { Items: [], Count: 1, LastEvaluatedKey: { id: { N: '1' } } };
  for (const operation of [...WRITES, ...READS, 'DescribeTable', 'CreateTable']) {
    const { send, happened } = faulty({ [name]: 1 }, () => ok(page));
    await send(operation, { TableName: 'T', ...INPUTS[operation as keyof typeof INPUTS] });
    expect([operation, happened()]).toEqual([
      operation,
      [operations.includes(operation) ? name : undefined],
    ]);
  }
});

test('each fault has its own ratio, the fraction of requests', async () => {
  const { send, happened } = faulty({ throttled: 0.2, conflict: 0.1 });
  for (let times = 0; times < 2_000; times++) await send('PutItem');
  const count = (name: string) => happened().filter((each) => each === name).length;
  // If both are drawn, either happens.
  expect(count('throttled')).toBeGreaterThan(320);
  expect(count('throttled')).toBeLessThan(440);
  expect(count('conflict')).toBeGreaterThan(140);
  expect(count('conflict')).toBeLessThan(240);
});

test('the same random source makes the same faults', async () => {
  const run = async (seed: string) => {
    const { send, happened } = faulty({ throttled: 0.3, slow: 0.3 }, () => OK, seed);
    for (let times = 0; times < 50; times++) await send('PutItem');
    return happened();
  };
  expect(await run('a')).toEqual(await run('a'));
  expect(await run('a')).not.toEqual(await run('b'));
});

test('without ratios, no fault happens', async () => {
  const { send, happened, asked } = faulty({});
  for (const operation of [...WRITES, ...READS]) await send(operation);
  expect(new Set(happened())).toEqual(new Set([undefined]));
  expect(asked).toHaveLength(10);
});

describe('refusals apply nothing', () => {
  test.each([
    ['throttled', 'PutItem', 400, 'ProvisionedThroughputExceededException'],
    ['conflict', 'UpdateItem', 400, 'TransactionConflictException'],
    ['internal-error-before', 'PutItem', 500, 'InternalServerError'],
  ] as const)('%s', async (name, operation, status, error) => {
    const { send, asked, requested } = faulty({ [name]: 1 });
    expect(await send(operation)).toMatchObject({
      status,
      body: { __type: `com.amazonaws.dynamodb.v20120810#${error}` },
    });
    expect(asked).toEqual([]);
    expect(requested).toMatchObject([{ outcome: error, capacity: { writeUnits: 0 } }]);
  });

  test('a conflict cancels a transaction, with the reason at any one of its actions', async () => {
    const { send, asked, requested } = faulty({ conflict: 1 });
    for (let times = 0; times < 40; times++) await send('TransactWriteItems', transaction(3));
    const reasons = new Set(requested.map((each) => each.cancellationReasons?.join()));
    expect(reasons).toEqual(
      new Set([
        'TransactionConflict,None,None',
        'None,TransactionConflict,None',
        'None,None,TransactionConflict',
      ]),
    );
    expect(requested[0]).toMatchObject({
      outcome: 'TransactionCanceledException',
      cancelledWriteUnits: 6,
    });
    expect(asked).toEqual([]);
  });

  test('a throttled transaction gets either exception', async () => {
    const { send, requested } = faulty({ throttled: 1 });
    for (let times = 0; times < 40; times++) await send('TransactWriteItems', transaction(1));
    const outcomes = requested.map((each) =>
      [each.outcome, ...(each.cancellationReasons ?? [])].join(),
    );
    expect(new Set(outcomes)).toEqual(
      new Set([
        'ProvisionedThroughputExceededException',
        'TransactionCanceledException,ThrottlingError',
      ]),
    );
  });
});

describe('lost and slow responses: the request is applied once', () => {
  test.each([
    ['internal-error-after', 'InternalServerError'],
    ['answer-lost', 'lost'],
  ] as const)('%s', async (name, outcome) => {
    const { send, asked, requested } = faulty({ [name]: 1 });
    const result = await send('PutItem');
    expect(asked).toHaveLength(1);
    expect(requested).toMatchObject([{ outcome, fault: name }]);
    expect(result.kind).toBe(name === 'answer-lost' ? 'lost' : 'response');
  });

  test.each(['internal-error-after', 'answer-lost'] as const)(
    '%s does not change a refusal, as nothing was applied',
    async (name) => {
      const { send, happened } = faulty({ [name]: 1 }, () => REFUSED);
      expect(await send('PutItem')).toEqual(REFUSED);
      expect(happened()).toEqual([undefined]);
    },
  );

  test('slow: within its limits, before the request is applied or after', async () => {
    const { send, pausesMs, order } = faulty({ slow: 1 });
    for (let times = 0; times < 100; times++) expect(await send('PutItem')).toEqual(OK);
    expect(Math.min(...pausesMs)).toBeGreaterThanOrEqual(100);
    expect(Math.max(...pausesMs)).toBeLessThanOrEqual(2_000);
    const pairs = Array.from({ length: 100 }, (_, at) => order.slice(2 * at, 2 * at + 2).join());
    expect(new Set(pairs)).toEqual(new Set(['pause,applied', 'applied,pause']));
  });
});

describe('unprocessed items', () => {
  test('of a write: some items are written, the others come back, none is lost or doubled', async () => {
    const input = { RequestItems: { A: [0, 1, 2].map(put), B: [3, 4].map(put) } };
    const sizes = new Set<number>();
    for (let times = 0; times < 60; times++) {
      const { send, asked, happened } = faulty({ 'unprocessed-items': 1 }, () => OK, `${times}`);
      const result = await send('BatchWriteItem', input);
      if (result.kind === 'lost') throw new Error('lost');
      const done = flat(asked[0]?.input['RequestItems']);
      const left = flat(result.body['UnprocessedItems']);
      expect([...done, ...left].sort()).toEqual(flat(input.RequestItems));
      expect(done.length).toBeGreaterThan(0);
      expect(left.length).toBeGreaterThan(0);
      expect(happened()).toEqual(['unprocessed-items']);
      sizes.add(done.length);
    }
    expect(sizes).toEqual(new Set([1, 2, 3, 4]));
  });

  test('of a read: keys come back unchanged, beside those that DynamoDB left', async () => {
    const keys = [1, 2, 3].map((id) => ({ id: { N: String(id) } }));
    const request = { ConsistentRead: true, ProjectionExpression: 'id' };
    const { send, asked } = faulty({ 'unprocessed-items': 1 }, (_, input) => {
      const { T } = objectOf(input['RequestItems']);
      return ok({ Responses: { T: [] }, UnprocessedKeys: T === undefined ? {} : { T } });
    });
    const result = await send('BatchGetItem', { RequestItems: { T: { Keys: keys, ...request } } });
    expect(asked[0]?.input).toMatchObject({ RequestItems: { T: request } });
    expect(result).toMatchObject({ body: { UnprocessedKeys: { T: request } } });
    if (result.kind === 'lost') throw new Error('lost');
    const back = objectOf(objectOf(result.body['UnprocessedKeys'])['T'])['Keys'];
    expect([...(back as typeof keys)].sort((a, b) => Number(a.id.N) - Number(b.id.N))).toEqual(
      keys,
    );
  });

  test('a batch of one item is never left unprocessed', async () => {
    const { send, happened } = faulty({ 'unprocessed-items': 1 });
    await send('BatchWriteItem', { RequestItems: { T: [put(1)] } });
    expect(happened()).toEqual([undefined]);
  });

  function flat(requestItems: unknown): string[] {
    return Object.entries(requestItems as Record<string, unknown[]>).flatMap(([table, requests]) =>
      requests.map((request) => `${table} ${JSON.stringify(request)}`),
    );
  }
});

describe('small pages', () => {
  const more = { LastEvaluatedKey: { id: { N: '1' } } };

  test('a page ends early, and never after its own limit', async () => {
    const { send, asked, happened } = faulty({ 'small-pages': 1 }, () => ok(more));
    for (let times = 0; times < 50; times++) await send('Query');
    const limits = new Set(asked.map(({ input }) => input['Limit']));
    expect(limits).toEqual(new Set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]));
    expect(new Set(happened())).toEqual(new Set(['small-pages']));
    for (let times = 0; times < 50; times++) await send('Query', { TableName: 'T', Limit: 4 });
    for (const [at, { input }] of asked.slice(50).entries()) {
      expect(input['Limit']).toBeLessThanOrEqual(4);
      expect(happened()[50 + at]).toBe(input['Limit'] === 4 ? undefined : 'small-pages');
    }
  });

  test('has no effect on a page that ends anyway', async () => {
    const { send, happened } = faulty({ 'small-pages': 1 }, () => ok({ Count: 1 }));
    await send('Scan');
    expect(happened()).toEqual([undefined]);
  });
});

describe('index lag', () => {
  const query = { TableName: 'T', IndexName: 'I', KeyConditionExpression: 'a = :a' };
  let version = 0;
  const counting = () => ok({ Count: ++version, ConsumedCapacity: { CapacityUnits: 0.5 } });

  test('an index query sees an earlier state, of limited age', async () => {
    version = 0;
    const { send, happened } = faulty({ 'index-lag': 1 }, counting);
    await send('Query', query);
    for (let fresh = 2; fresh < 60; fresh++) {
      const result = await send('Query', query);
      if (result.kind === 'lost') throw new Error('lost');
      expect(result.body['Count']).toBeLessThan(fresh);
      expect(result.body['Count']).toBeGreaterThanOrEqual(fresh - 4);
    }
    expect(happened()).toEqual([undefined, ...Array(58).fill('index-lag')]);
  });

  test('happens at its ratio; fresh responses are remembered too', async () => {
    version = 0;
    const { send, happened } = faulty({ 'index-lag': 0.25 }, counting);
    for (let times = 0; times < 400; times++) await send('Query', query);
    const stale = happened().filter((name) => name === 'index-lag').length;
    expect(stale).toBeGreaterThan(60);
    expect(stale).toBeLessThan(140);
  });

  test.each([
    ['a table', { TableName: 'T', KeyConditionExpression: 'a = :a' }],
    ['a consistent read', { ...query, ConsistentRead: true }],
  ])('does not apply to %s', async (_, input) => {
    version = 0;
    const { send } = faulty({ 'index-lag': 1 }, counting);
    await send('Query', input);
    expect(await send('Query', input)).toMatchObject({ body: { Count: 2 } });
  });

  test('each query has its own past; unchanged results have none', async () => {
    const { send, happened } = faulty({ 'index-lag': 1 }, (_, input) =>
      ok({ Count: String(input['KeyConditionExpression']).length }),
    );
    await send('Query', query);
    await send('Query', { ...query, KeyConditionExpression: 'other = :a' });
    await send('Query', query);
    expect(happened()).toEqual([undefined, undefined, undefined]);
  });

  test('another fault may happen instead', async () => {
    const { send, happened } = faulty({ 'index-lag': 1, throttled: 0.5 }, counting);
    for (let times = 0; times < 60; times++) await send('Query', query);
    expect(new Set(happened().slice(1))).toEqual(new Set(['index-lag', 'throttled']));
  });
});

test('every fault name can be requested', async () => {
  for (const name of FAULT_NAMES) expect(() => faulty({ [name]: 0.5 })).not.toThrow();
});
