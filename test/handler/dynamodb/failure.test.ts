/** Which outcome an exception of the SDK means. */
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from '@jest/globals';
import { emptyProduct } from '../../../src/handler/domain/product.ts';
import { planScoreTransfer } from '../../../src/handler/domain/score-transfer.ts';
import { failureOf, transferOutcomeOf } from '../../../src/handler/dynamodb/failure.ts';

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
    ['throttled', named('ProvisionedThroughputExceededException')],
    ['throttled', named('ThrottlingException')],
    ['throttled', named('RequestLimitExceeded')],
    ['unknown', named('InternalServerError', { $metadata: { httpStatusCode: 500 } })],
    ['unknown', named('ServiceUnavailable', { $metadata: { httpStatusCode: 503 } })],
    ['unknown', named('TimeoutError')],
    ['unknown', named('Error', { code: 'ECONNRESET' })],
    ['unknown', named('AbortError')],
    ['fatal', named('AccessDeniedException')],
    ['fatal', named('ResourceNotFoundException')],
    ['fatal', named('ValidationException')],
    ['fatal', 'no error at all'],
  ])('%s: %s', (kind, error) => {
    expect(failureOf(error)).toEqual({
      kind,
      error: error instanceof Error ? error.name : 'string',
    });
  });

  test.each([
    ['conflict', ['None', 'ConditionalCheckFailed']],
    ['conflict', ['TransactionConflict', 'None']],
    ['conflict', ['ThrottlingError', 'TransactionConflict']],
    ['conflict', []],
    // A hot partition of the score's index throttles in no other way.
    ['throttled', ['None', 'ThrottlingError']],
    ['throttled', ['ProvisionedThroughputExceeded']],
    ['fatal', ['ValidationError', 'None']],
  ])('%s: a transaction cancelled for %j', (kind, codes) => {
    expect(failureOf(cancelled(...codes)).kind).toBe(kind);
  });
});

describe('a score transfer that failed', () => {
  const transfers = ['a', 'b'].map((productId) =>
    planScoreTransfer(
      {
        ...emptyProduct(productId),
        creator: {
          holder: { origin: `creator of ${productId}`, eventId: '1' },
          sales: 1,
          transferred: 0,
          recount: undefined,
        },
      },
      false,
    ),
  );

  test('names the products and scores that it was refused for', async () => {
    const error = cancelled('None', 'ConditionalCheckFailed', 'TransactionConflict', 'None');
    expect(await transferOutcomeOf(Promise.reject(error), transfers)).toEqual({
      kind: 'conflict',
      error: 'TransactionCanceledException',
      refused: {
        productIds: ['b'],
        scores: [{ userId: 'creator of a', role: 'creator', change: 1 }],
      },
    });
  });

  test('names none where DynamoDB names none', async () => {
    const outcome = await transferOutcomeOf(Promise.reject(named('TimeoutError')), transfers);
    expect(outcome).toEqual({ kind: 'unknown', error: 'TimeoutError' });
  });
});
