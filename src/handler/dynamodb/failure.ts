/** What a failed request means for what comes next. */
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { isServerError, isThrottlingError, isTransientError } from '@smithy/core/retry';

/** The SDK's own name for what its classification reads: an error, whatever it carries. */
type SdkError = Parameters<typeof isServerError>[0];

/**
 * - `conflict`: somebody else's write came first; this one did not happen.
 * - `retryable`: throttled, or an error on the way; it may have happened.
 * - `fatal`: it will not work the next time either.
 */
export type Failure = 'conflict' | 'retryable' | 'fatal';

const CONFLICTS = new Set(['ConditionalCheckFailedException', 'TransactionConflictException']);

export function classify(error: unknown): Failure {
  if (!(error instanceof Error)) return 'fatal';
  if (CONFLICTS.has(error.name)) return 'conflict';
  if (error instanceof TransactionCanceledException) return classifyCancellation(error);
  // It only reads properties that may be missing, and takes any error; its type is stricter.
  const sdkError = error as SdkError;
  const passing =
    isThrottlingError(sdkError) || isTransientError(sdkError) || isServerError(sdkError);
  return passing ? 'retryable' : 'fatal';
}

/** A transaction has a reason for each action; with several kinds, what will pass by itself counts. */
function classifyCancellation(error: TransactionCanceledException): Failure {
  const codes = new Set(error.CancellationReasons?.map(({ Code }) => Code));
  if (codes.has('ConditionalCheckFailed') || codes.has('TransactionConflict')) return 'conflict';
  if (codes.has('ThrottlingError') || codes.has('ProvisionedThroughputExceeded'))
    return 'retryable';
  return codes.has('ValidationError') ? 'fatal' : 'conflict';
}
