/** Reads and writes in batches, with a client that leaves items unprocessed. */
import {
  type BatchGetItemCommandInput,
  type BatchWriteItemCommandInput,
  DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, jest, test } from '@jest/globals';
import { readRows } from '../../../../src/simulator/dynamodb/client/read.ts';
import { deleteRows } from '../../../../src/simulator/dynamodb/client/write.ts';

/** A client whose requests are answered by `respond`; its requests, and the pauses between them. */
function fakeClient<Input>(respond: (input: Input, request: number) => object) {
  const client = new DynamoDBClient({});
  const inputs: Input[] = [];
  const pauses: number[] = [];
  jest.spyOn(client, 'send').mockImplementation(async ({ input }: { input: unknown }) => {
    inputs.push(input as Input);
    return respond(input as Input, inputs.length) as never;
  });
  const pause = async (ms: number) => {
    pauses.push(ms);
  };
  return { client, inputs, pauses, pause };
}

describe('rows read by their keys', () => {
  test('are in the order of the keys, undefined where missing, at most 100 a request', async () => {
    const { client, inputs, pauses, pause } = fakeClient<BatchGetItemCommandInput>(
      ({ RequestItems = {} }) => ({
        Responses: Object.fromEntries(
          Object.entries(RequestItems).map(([table, { Keys = [] }]) => [
            table,
            Keys.filter(({ id }) => id?.N !== '1').map((key) => ({ ...key, in: { S: table } })),
          ]),
        ),
      }),
    );
    const keys = Array.from({ length: 150 }, (_, id) => ({ table: `t${id % 2}`, key: { id } }));
    const rows = await readRows(client, keys, pause);
    expect(rows).toHaveLength(150);
    expect(rows.slice(0, 3)).toEqual([{ id: 0, in: 't0' }, undefined, { id: 2, in: 't0' }]);
    expect(rows[149]).toEqual({ id: 149, in: 't1' });
    const sizes = inputs.map(({ RequestItems = {} }) =>
      Object.values(RequestItems).map(({ Keys = [] }) => Keys.length),
    );
    expect(sizes).toEqual([
      [50, 50],
      [25, 25],
    ]);
    expect(pauses).toEqual([]);
  });

  test('are requested again while they are unprocessed', async () => {
    const { client, pauses, pause } = fakeClient<BatchGetItemCommandInput>(
      ({ RequestItems: { t } = {} }) => {
        const [first, ...rest] = t?.Keys ?? [];
        return {
          Responses: { t: [first] },
          UnprocessedKeys: rest.length === 0 ? {} : { t: { Keys: rest } },
        };
      },
    );
    const keys = ['a', 'b', 'c'].map((id) => ({ table: 't', key: { id } }));
    expect(await readRows(client, keys, pause)).toEqual([{ id: 'a' }, { id: 'b' }, { id: 'c' }]);
    expect(pauses).toEqual([100, 200]);
  });
});

describe('deleted rows', () => {
  test('go in requests of at most 25, and unprocessed ones again', async () => {
    const { client, inputs, pauses, pause } = fakeClient<BatchWriteItemCommandInput>(
      ({ RequestItems: { t = [] } = {} }, request) => ({
        UnprocessedItems: request === 1 ? { t: t.slice(0, 2) } : {},
      }),
    );
    const keys = Array.from({ length: 30 }, (_, id) => ({ id }));
    await deleteRows({ client, table: 't', pause }, keys);
    expect(inputs.map(({ RequestItems }) => RequestItems?.['t']?.length)).toEqual([25, 2, 5]);
    expect(pauses).toEqual([100]);
  });

  test('are given up when DynamoDB processes none', async () => {
    const { client, pauses, pause } = fakeClient<BatchWriteItemCommandInput>(
      ({ RequestItems }) => ({ UnprocessedItems: RequestItems }),
    );
    await expect(deleteRows({ client, table: 't', pause }, [{ id: 1 }])).rejects.toThrow(
      'DynamoDB left items unprocessed 12 times: throttled',
    );
    expect(pauses).toHaveLength(11);
  });
});
