/** What a failed request means for what comes next. */
import { isServerError, isThrottlingError, isTransientError } from '@smithy/core/retry';

/** The SDK's own name for what its classification reads: an error, whatever it carries. */
type SdkError = Parameters<typeof isServerError>[0];

/**
 * - `conflict`: somebody else's write came first; this one did not happen.
 * - `retryable`: throttled, or an error on the way; it may have happened.
 * - `fatal`: it will not work the next time either.
 */
export type Failure = 'conflict' | 'retryable' | 'fatal';

const CONFLICTS = new Set([
  'ConditionalCheckFailedException',
  'TransactionCanceledException',
  'TransactionConflictException',
]);

export function classify(error: unknown): Failure {
  if (!(error instanceof Error)) return 'fatal';
  if (CONFLICTS.has(error.name)) return 'conflict';
  // It only reads properties that may be missing, and takes any error; its type is stricter.
  const sdkError = error as SdkError;
  const passing =
    isThrottlingError(sdkError) || isTransientError(sdkError) || isServerError(sdkError);
  return passing ? 'retryable' : 'fatal';
}
