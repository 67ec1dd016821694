/** What a request that failed counts as, and so what comes next. */
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from '@jest/globals';
import type { KinesisStreamEvent } from 'aws-lambda';
import { unknownProduct } from '../../../src/handler/domain/product.ts';
import { classify } from '../../../src/handler/dynamodb/failure.ts';
import type { Tables } from '../../../src/handler/dynamodb/view-store.ts';
import { createHandler } from '../../../src/handler/handler.ts';
import type { Counts } from '../../../src/handler/ports.ts';
import { seededRandom } from '../../../src/simulator/random.ts';
import { winner } from '../../../src/simulator/workload/winner/winner.ts';
import { batchOf, encodeAll } from '../../support/view.ts';

function named(name: string, more: object = {}): Error {
  return Object.assign(new Error(name), { name, ...more });
}

function cancelled(...codes: string[]): Error {
  return new TransactionCanceledException({
    message: 'cancelled',
    $metadata: {},
    CancellationReasons: codes.map((Code) => ({ Code })),
  });
}

describe('a request that failed', () => {
  test.each([
    ['conflict', named('ConditionalCheckFailedException')],
    ['conflict', named('TransactionConflictException')],
    ['retryable', named('ProvisionedThroughputExceededException')],
    ['retryable', named('InternalServerError', { $metadata: { httpStatusCode: 500 } })],
    ['retryable', named('TimeoutError')],
    ['fatal', named('AccessDeniedException')],
    ['fatal', named('ResourceNotFoundException')],
    ['fatal', named('ValidationException')],
    ['fatal', 'no error at all'],
  ])('%s: %s', (failure, error) => {
    expect(classify(error)).toBe(failure);
  });

  test.each([
    ['conflict', ['None', 'ConditionalCheckFailed']],
    ['conflict', ['TransactionConflict', 'None']],
    ['conflict', ['ThrottlingError', 'TransactionConflict']],
    ['conflict', []],
    // The one way in which a score's index pushes back.
    ['retryable', ['None', 'ThrottlingError']],
    ['retryable', ['ProvisionedThroughputExceeded']],
    ['fatal', ['ValidationError', 'None']],
  ])('%s: a transaction cancelled for %j', (failure, codes) => {
    expect(classify(cancelled(...codes))).toBe(failure);
  });
});

/** Answers a few times that something was left unprocessed, then does all. */
async function handleWith(tables: Partial<Tables>, payloads: Uint8Array[]): Promise<Counts> {
  const reported: Counts[] = [];
  const handler = createHandler({
    tables: tables as Tables,
    clock: {
      now: () => 0,
      sleep: (ms, signal) =>
        // Back-offs take no time; the deadline never comes.
        ms < 10_000
          ? Promise.resolve()
          : new Promise((resolve) => {
              signal.addEventListener('abort', () => resolve());
            }),
    },
    random: () => 0,
    log: { warn() {}, error() {}, counted: (counts) => reported.push({ ...counts }) },
  });
  const { batchItemFailures } = await handler(batchOf(payloads) as unknown as KinesisStreamEvent, {
    getRemainingTimeInMillis: () => 60_000,
  });
  expect(batchItemFailures).toEqual([]);
  expect(reported).toHaveLength(1);
  return reported[0] as Counts;
}

describe('what is left unprocessed is a retry', () => {
  test('of the quarantine', async () => {
    let attempts = 0;
    const quarantine: Tables['quarantine'] = async (records) =>
      ++attempts < 3 ? [records[0]?.record ?? ''] : [];
    const counts = await handleWith({ quarantine }, [Buffer.from('no'), Buffer.from('event')]);
    expect(counts).toMatchObject({ quarantined: 2, retries: 2 });
  });

  test('of reads and rows', async () => {
    const source = winner.generate(`unprocessed ${seededRandom('S', 'any')()}`, { count: 50 });
    const purchase = Array.from({ length: 50 }, (_, at) => source.at(at)).find(
      ({ kind }) => kind === 'purchase',
    );
    if (purchase === undefined) throw new Error('no purchase in the history');
    let [reads, puts] = [0, 0];
    const stored = { ...unknownProduct(purchase.productId), revision: 1 };
    const tables: Partial<Tables> = {
      readProducts: async (ids) =>
        ++reads === 1 ? [] : ids.map(() => unknownProduct(purchase.productId)),
      record: async () => stored,
      putPurchases: async (rows) =>
        ++puts === 1
          ? rows.map(({ purchase: { productId, eventId } }) => ({ productId, eventId }))
          : [],
      findPurchases: async () => ({ found: [], unanswered: [] }),
      settle: async () => {},
    };
    const counts = await handleWith(tables, encodeAll([purchase]));
    expect(counts).toMatchObject({ retries: 2, failed: 0 });
  });
});
