/** Faults that reject a request without applying it. */
import { below } from '../../random.ts';
import type { FaultResult } from '../gateway/fault.ts';
import { DATA_OPERATIONS, isSingleWrite } from '../gateway/operations.ts';
import type { GatewayResponse } from '../gateway/request.ts';
import { actionCount, cancelledResponse, errorResponse, internalError } from './error-response.ts';
import type { FaultKind, FaultParts } from './fault-kind.ts';

/** A table, an account or a hot partition is at its limit. A transaction may get it as a reason. */
export function throttled({ random }: FaultParts): FaultKind {
  return {
    name: 'throttled',
    appliesTo: ({ operation }) => DATA_OPERATIONS.has(operation),
    async apply(request) {
      if (request.operation.startsWith('Transact') && random() < 0.5) {
        const at = below(random, actionCount(request));
        return refused(
          cancelledResponse(request, at, 'ThrottlingError', 'Throughput exceeds the limit'),
        );
      }
      return refused(
        errorResponse(
          400,
          'ProvisionedThroughputExceededException',
          'The level of configured provisioned throughput for the table was exceeded. ' +
            'Consider increasing your provisioning level with the UpdateTable API.',
        ),
      );
    },
  };
}

/**
 * Another transaction holds an item. Never a `BatchWriteItem`, which isn't rejected for that, nor a
 * read, since only writes conflict here.
 */
export function conflict({ random }: FaultParts): FaultKind {
  const MESSAGE = 'Transaction is ongoing for the item';
  return {
    name: 'conflict',
    appliesTo: ({ operation }) => isSingleWrite(operation) || operation === 'TransactWriteItems',
    async apply(request) {
      if (request.operation === 'TransactWriteItems') {
        const at = below(random, actionCount(request));
        return refused(cancelledResponse(request, at, 'TransactionConflict', MESSAGE));
      }
      return refused(errorResponse(400, 'TransactionConflictException', MESSAGE));
    },
  };
}

/** The caller can't tell it from an error after the request was applied. */
export function internalErrorBefore(): FaultKind {
  return {
    name: 'internal-error-before',
    appliesTo: ({ operation }) => DATA_OPERATIONS.has(operation),
    apply: async () => refused(internalError()),
  };
}

function refused(result: GatewayResponse): FaultResult {
  return { result, happened: true };
}
