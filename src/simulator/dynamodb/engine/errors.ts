/**
 * The errors of the simulated DynamoDB: the SDK's own classes where it has one, so that both
 * `error.name` and `instanceof` tell a handler what they would tell it of the real service.
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
import type { WireItem } from './wire.ts';

/** Messages that PutItem and UpdateItem put into the envelope of request validation. */
const enveloped = new WeakSet<Error>();

const metadata = { httpStatusCode: 400, attempts: 1, totalRetryDelay: 0 };

/** A ValidationException; the SDK has no class for it, only the name. */
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

/** What PutItem and UpdateItem throw for an error met on the way. */
export function inEnvelope(error: unknown): unknown {
  return error instanceof DynamoDBServiceException && enveloped.has(error)
    ? validation(`1 validation error detected: ${error.message}`)
    : error;
}

export function isValidation(error: unknown): error is DynamoDBServiceException {
  return error instanceof DynamoDBServiceException && error.name === 'ValidationException';
}

/** A value that the wire format doesn't allow (a number where a string belongs). */
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

/** A transaction that did nothing; the reasons are in the order of its actions. */
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

/** Failed conditions are everyday answers: walking the stack for each would cost more than the rest. */
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

/** An operation that this fake doesn't have: a mistake of the caller, not one of DynamoDB's answers. */
export function unsupported(what: string): Error {
  return new Error(`The simulated DynamoDB does not support ${what}`);
}
