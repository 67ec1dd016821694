/**
 * Requests and writes name rows by the keys of the workload's tables, whatever the attributes are
 * called.
 */
import { expect, test } from '@jest/globals';
import type { TableDefinition } from '../../../src/simulator/model/workload.ts';
import { describeRequest, describeWrite } from '../../../src/simulator/search/describe-request.ts';

const table = (name: string, ...key: string[]): TableDefinition => ({
  name,
  environmentVariable: '',
  key,
  compared: true,
});
const TABLES = [table('Balances', 'account'), table('Legs', 'journey', 'number')];
const S = (text: string) => ({ S: text });
const N = (number: number) => ({ N: String(number) });
const LEG = { journey: S('j'), number: N(2) };

test.each<[string, Parameters<typeof describeRequest>[2], string]>([
  ['GetItem', { TableName: 'dev-Balances', Key: { account: S('a') } }, 'Balances a'],
  ['PutItem', { TableName: 'dev-Legs', Item: { km: N(5), ...LEG } }, 'Legs j 2'],
  [
    'TransactWriteItems',
    {
      TransactItems: [
        { Put: { TableName: 'dev-Legs', Item: LEG } },
        {
          Update: {
            TableName: 'dev-Balances',
            Key: { account: S('a') },
            ExpressionAttributeValues: { ':by': N(1) },
          },
        },
      ],
    },
    'Legs j 2, Balances a',
  ],
  [
    'BatchGetItem',
    { RequestItems: { 'dev-Balances': { Keys: [{ account: S('a') }, { account: S('b') }] } } },
    'Balances a, Balances b',
  ],
  [
    'Query',
    {
      TableName: 'dev-Legs',
      KeyConditionExpression: 'journey = :j AND #n BETWEEN :from AND :to',
      FilterExpression: 'km > :km',
      ExpressionAttributeValues: { ':km': N(9), ':to': N(7), ':from': N(3), ':j': S('j') },
    },
    'Legs j 3 7',
  ],
  [
    'Query',
    {
      TableName: 'dev-Legs',
      IndexName: 'ByDriver',
      KeyConditionExpression: 'driver = :d',
      ExpressionAttributeValues: { ':d': S('eve') },
    },
    'Legs.ByDriver eve',
  ],
  ['Scan', { TableName: 'dev-Legs' }, 'Legs'],
  ['GetItem', { TableName: 'dev-Others', Key: { id: S('x') } }, 'dev-Others'],
])('%s %j', (operation, input, text) => {
  expect(describeRequest(TABLES, operation, input)).toBe(text);
});

test('a write: the key, and what it changes', () => {
  const [before, after] = [-881, -1762].map((balance) => ({ account: 'account-0', balance }));
  const write = (...rows: [object | undefined, object | undefined]) =>
    describeWrite(TABLES, 'Balances', rows[0] as never, rows[1] as never);
  expect(write(before, after)).toBe('Balances account-0: balance -881 → -1762');
  expect(write(undefined, after)).toBe('Balances account-0: balance -1762');
  expect(write(after, undefined)).toBe('Balances account-0: deleted');
  expect(write(after, after)).toBe('Balances account-0: unchanged');
  expect(write(undefined, { account: 'a' })).toBe('Balances a: new');
  expect(write(after, { account: 'account-0' })).toBe('Balances account-0: balance -1762 → none');
  expect(describeWrite(TABLES, 'Legs', undefined, { journey: 'j', number: 2n, to: ['x'] })).toBe(
    'Legs j 2: to ["x"]',
  );
});
