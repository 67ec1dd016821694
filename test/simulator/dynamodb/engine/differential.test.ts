/** The simulated DynamoDB against dynoxide: the same results, errors and capacity. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { base64, type Server, startJsonServer } from './json-server.ts';
import { dynoxideDiffers } from './known-differences.ts';
import { coverage, runSequence } from './run-sequence.ts';

const SEED = 20_170_328;
const SEQUENCES = 420;
const OPERATIONS_MIN = 10_000;

describe('the simulated DynamoDB and dynoxide', () => {
  let server: Server;

  beforeAll(async () => {
    server = await startJsonServer('dynoxide');
  }, 20_000);

  afterAll(() => server?.stop());

  test('return the same for random sequences of requests', async () => {
    const done = coverage();
    let sequence = 0;
    const numbers = fc.array(fc.nat(0xffff), { minLength: 90, maxLength: 90 });
    const sequences = fc.array(numbers, { minLength: 1, maxLength: 60, size: 'max' });
    await fc.assert(
      fc.asyncProperty(sequences, async (requests) => {
        const suffix = `-${sequence++}`;
        const difference = await runSequence(
          server,
          requests,
          suffix,
          done,
          (result) => result,
          dynoxideDiffers,
        );
        if (difference) throw new Error(JSON.stringify(difference, base64, 1));
      }),
      { seed: SEED, numRuns: SEQUENCES },
    );
    expect(done.operations).toBeGreaterThanOrEqual(OPERATIONS_MIN);
    expect(KINDS.filter((kind) => !done.seen.has(kind))).toEqual([]);
    expect(OUTCOMES.filter((outcome) => !done.outcomes.has(outcome))).toEqual([]);
    // Known differences must stay rare.
    const known = [...done.known.values()].reduce((sum, count) => sum + count, 0);
    expect(known / done.operations).toBeLessThan(0.03);
  }, 120_000);
});

/** What the requests must have covered. */
const KINDS = [
  ...['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query', 'Scan'],
  ...['BatchGetItem', 'BatchWriteItem', 'TransactGetItems', 'TransactWriteItems'],
  ...['=', '<>', '<', '<=', '>', '>=', 'BETWEEN', 'IN', 'AND', 'OR', 'NOT'],
  ...[
    'attribute_exists',
    'attribute_not_exists',
    'attribute_type',
    'begins_with',
    'contains',
    'size',
  ],
  ...['SET value', 'SET path', 'SET +', 'SET -', 'SET if_not_exists', 'SET list_append'],
  ...['REMOVE', 'ADD number', 'ADD set', 'DELETE', 'map path', 'list path', 'name placeholder'],
  ...['key =', 'key <', 'key <=', 'key >', 'key >=', 'key BETWEEN', 'key begins_with'],
  ...['condition', 'filter', 'projection', 'index query', 'index scan'],
  ...['Limit', 'ExclusiveStartKey', 'Select COUNT', 'ClientRequestToken'],
  ...['transact Put', 'transact Update', 'transact Delete', 'transact ConditionCheck'],
  ...['NONE', 'ALL_NEW', 'ALL_OLD', 'UPDATED_NEW', 'UPDATED_OLD'].map((v) => `ReturnValues ${v}`),
  ...['capacity NONE', 'capacity TOTAL', 'capacity INDEXES', 'ReturnValuesOnConditionCheckFailure'],
];

const OUTCOMES = [
  'ok',
  'ConditionalCheckFailedException',
  'IdempotentParameterMismatchException',
  'ResourceNotFoundException',
  'TransactionCanceledException',
  'ValidationException',
];
