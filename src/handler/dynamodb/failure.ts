/** Translates the SDK's exceptions. */
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { isServerError, isThrottlingError, isTransientError } from '@smithy/core/retry';
import { type ScoreTransfer, sumScores } from '../domain/score-transfer.ts';
import { done, type Failure, type Outcome, type Refused } from '../outcome.ts';

export async function outcomeOf<Value>(request: Promise<Value>): Promise<Outcome<Value>> {
  try {
    return done(await request);
  } catch (error) {
    return failureOf(error);
  }
}

export async function transferOutcomeOf(
  request: Promise<void>,
  transfers: readonly ScoreTransfer[],
): Promise<Outcome<void>> {
  try {
    return done(await request);
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) return failureOf(error);
    return { ...failureOf(error), refused: refusedOf(error, transfers) };
  }
}

export function failureOf(error: unknown): Failure {
  return { kind: kindOf(error), error: error instanceof Error ? error.name : typeof error };
}

/** The SDK's own name for the argument of its classification. */
type SdkError = Parameters<typeof isServerError>[0];

const CONFLICTS = new Set(['ConditionalCheckFailedException', 'TransactionConflictException']);

function kindOf(error: unknown): Failure['kind'] {
  if (!(error instanceof Error)) return 'fatal';
  if (CONFLICTS.has(error.name)) return 'conflict';
  if (error instanceof TransactionCanceledException) return kindOfCancellation(error);
  if (error.name === 'AbortError') return 'unknown';
  // The classification takes any error: it only reads properties that may be missing.
  const sdkError = error as SdkError;
  if (isThrottlingError(sdkError)) return 'throttled';
  return isTransientError(sdkError) || isServerError(sdkError) ? 'unknown' : 'fatal';
}

/** Each action has a reason. Of several, the kind that a retry mends most easily decides. */
function kindOfCancellation(error: TransactionCanceledException): Failure['kind'] {
  const codes = new Set(error.CancellationReasons?.map(({ Code }) => Code));
  if (codes.has('ConditionalCheckFailed') || codes.has('TransactionConflict')) return 'conflict';
  if (codes.has('ThrottlingError') || codes.has('ProvisionedThroughputExceeded')) {
    return 'throttled';
  }
  return codes.has('ValidationError') ? 'fatal' : 'conflict';
}

/** The reasons are in the order of the actions: the products, then the scores. */
function refusedOf(
  { CancellationReasons = [] }: TransactionCanceledException,
  transfers: readonly ScoreTransfer[],
): Refused {
  const isRefused = (action: number) => (CancellationReasons[action]?.Code ?? 'None') !== 'None';
  return {
    productIds: transfers.filter((_, at) => isRefused(at)).map(({ productId }) => productId),
    scores: sumScores(transfers).filter((_, at) => isRefused(transfers.length + at)),
  };
}
