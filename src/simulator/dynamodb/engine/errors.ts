/**
 * The errors of the simulated DynamoDB. They are the SDK's own classes where it has them, so that
 * `error.name` and `instanceof` work in a handler.
 */
import {
  type CancellationReason,
  ConditionalCheckFailedException,
  DynamoDBServiceException,
  IdempotentParameterMismatchException,
  ResourceInUseException,
  ResourceNotFoundException,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import type { WireItem } from './wire-value.ts';

/** Errors whose messages PutItem and UpdateItem prefix as those of request validation. */
const enveloped = new WeakSet<Error>();

const metadata = { httpStatusCode: 400, attempts: 1, totalRetryDelay: 0 };

/** A ValidationException; the SDK has no class for it. */
export function validation(message: string): DynamoDBServiceException {
  return new DynamoDBServiceException({
    name: 'ValidationException',
    $fault: 'client',
    message,
    $metadata: { ...metadata },
  });
}

/** A ValidationException that PutItem and UpdateItem report as "1 validation error detected". */
export function requestValidation(message: string): DynamoDBServiceException {
  const error = validation(message);
  enveloped.add(error);
  return error;
}

/** The error that PutItem and UpdateItem throw in place of `error`. */
export function inEnvelope(error: unknown): unknown {
  return error instanceof DynamoDBServiceException && enveloped.has(error)
    ? validation(`1 validation error detected: ${error.message}`)
    : error;
}

export function isValidation(error: unknown): error is DynamoDBServiceException {
  return error instanceof DynamoDBServiceException && error.name === 'ValidationException';
}

/** A value of the wrong JSON type, such as a number instead of a string. */
export function serialization(message: string): DynamoDBServiceException {
  return new DynamoDBServiceException({
    name: 'SerializationException',
    $fault: 'client',
    message,
    $metadata: { ...metadata },
  });
}

export function conditionFailed(item: WireItem | undefined): ConditionalCheckFailedException {
  return withoutStack(
    () =>
      new ConditionalCheckFailedException({
        message: 'The conditional request failed',
        $metadata: { ...metadata },
        ...(item ? { Item: item as Record<string, never> } : {}),
      }),
  );
}

/** The reasons are in the order of the actions. */
export function transactionCancelled(
  reasons: readonly CancellationReason[],
): TransactionCanceledException {
  const codes = reasons.map((reason) => reason.Code).join(', ');
  return withoutStack(
    () =>
      new TransactionCanceledException({
        message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
        $metadata: { ...metadata },
        CancellationReasons: [...reasons],
      }),
  );
}

/** Failed conditions are frequent, and a stack would cost more than the rest of the request. */
function withoutStack<T>(make: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

export function tokenMismatch(): IdempotentParameterMismatchException {
  return new IdempotentParameterMismatchException({
    message:
      'The request uses the same client token as a previous, but non-identical request. Do not reuse a client token with different requests, unless the requests are identical',
    $metadata: { ...metadata },
  });
}

export function tableNotFound(name?: string): ResourceNotFoundException {
  return new ResourceNotFoundException({
    message: `Requested resource not found${name === undefined ? '' : `: Table: ${name} not found`}`,
    $metadata: { ...metadata },
  });
}

export function tableExists(name: string): ResourceInUseException {
  return new ResourceInUseException({
    message: `Table already exists: ${name}`,
    $metadata: { ...metadata },
  });
}
