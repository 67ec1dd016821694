/**
 * What the contract cannot see on a server: consistent reads, unprocessed rows, one request for
 * each call.
 */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect, test } from '@jest/globals';
import { planCommit } from '../../../src/handler/domain/commit.ts';
import type { Purchase } from '../../../src/handler/domain/event.ts';
import { emptyProduct } from '../../../src/handler/domain/product.ts';
import { planScoreTransfer } from '../../../src/handler/domain/score-transfer.ts';
import { createDynamoDBViewStore } from '../../../src/handler/dynamodb/view-store.ts';
import type { Outcome } from '../../../src/handler/outcome.ts';
import type { ViewStore } from '../../../src/handler/view-store.ts';

const SIGNAL = new AbortController().signal;
const KEY = { productId: { S: 'p' }, eventId: { S: '1' } };
const PURCHASE: Purchase = {
  ...{ kind: 'purchase', productId: 'p', eventId: '1' },
  ...{ origin: 'customer', timeOrigin: '2017-03-28T23:52:53.763Z' },
};
const MALFORMED = {
  ...{ stream: 's', record: 'r', sequenceNumber: '1', reason: 'none' },
  ...{ partitionKey: 'k', arrivedAt: 0, data: new Uint8Array() },
};
const RECOUNT = { productId: 'p', role: 'creator', revision: 1, after: '1', upTo: '2' } as const;
const TRANSFER = planScoreTransfer(
  {
    ...emptyProduct('p'),
    creator: {
      ...{ sales: 1, transferred: 0, recount: undefined },
      holder: { origin: 'ann', eventId: '1' },
    },
  },
  false,
);

/** The store of a client that answers each request with `output`, and its requests. */
function storeWith(output: () => object) {
  const inputs: Readonly<Record<string, unknown>>[] = [];
  const client = {
    async send({ input }: { readonly input: Readonly<Record<string, unknown>> }) {
      inputs.push(input);
      return output();
    },
  } as unknown as DynamoDBClient;
  const tables = { contributions: 'C', scores: 'S', events: 'E', quarantine: 'Q' };
  return { store: createDynamoDBViewStore(client, tables), inputs };
}

test('rows that DynamoDB leaves unprocessed are returned as such', async () => {
  const { store } = storeWith(() => ({
    UnprocessedKeys: { C: { Keys: [{ productId: { S: 'p' } }] }, E: { Keys: [KEY] } },
    UnprocessedItems: {
      E: [{ PutRequest: { Item: KEY } }],
      Q: [{ PutRequest: { Item: { record: { S: 'r' } } } }],
    },
  }));
  const key = { productId: 'p', eventId: '1' };
  expect(await store.readProducts(['p', 'q'], SIGNAL)).toEqual({
    kind: 'done',
    value: [emptyProduct('q')],
  });
  expect(await store.readPurchases([key], SIGNAL)).toEqual({
    kind: 'done',
    value: { stored: [], unprocessed: [key] },
  });
  expect(await store.writePurchases([{ purchase: PURCHASE, revision: 1 }], SIGNAL)).toEqual({
    kind: 'done',
    value: [key],
  });
  expect(await store.quarantine([MALFORMED], SIGNAL)).toEqual({ kind: 'done', value: ['r'] });
});

test('all reads are strongly consistent', async () => {
  const { store, inputs } = storeWith(() => ({}));
  await store.readProducts(['p'], SIGNAL);
  await store.readPurchases([{ productId: 'p', eventId: '1' }], SIGNAL);
  await store.countPage(RECOUNT, SIGNAL);
  expect(inputs).toMatchObject([
    { RequestItems: { C: { ConsistentRead: true } } },
    { RequestItems: { E: { ConsistentRead: true } } },
    { ConsistentRead: true },
  ]);
});

const CALLS: Readonly<Record<keyof ViewStore, (store: ViewStore) => Promise<Outcome<unknown>>>> = {
  readProducts: (store) => store.readProducts(['p'], SIGNAL),
  readPurchases: (store) => store.readPurchases([{ productId: 'p', eventId: '1' }], SIGNAL),
  writePurchases: (store) => store.writePurchases([{ purchase: PURCHASE, revision: 1 }], SIGNAL),
  commit: (store) => store.commit(planCommit(emptyProduct('p'), [PURCHASE], {}), SIGNAL),
  countPage: (store) => store.countPage(RECOUNT, SIGNAL),
  commitPage: (store) =>
    store.commitPage({ recount: RECOUNT, counted: 1, last: undefined }, SIGNAL),
  transferScores: (store) => store.transferScores([TRANSFER], SIGNAL),
  quarantine: (store) => store.quarantine([MALFORMED], SIGNAL),
};

test.each(Object.entries(CALLS))('%s is one request, also after a lost answer', async (_, call) => {
  const { store, inputs } = storeWith(() => {
    throw Object.assign(new Error('lost'), { name: 'TimeoutError' });
  });
  expect(await call(store)).toEqual({ kind: 'unknown', error: 'TimeoutError' });
  expect(inputs).toHaveLength(1);
});
