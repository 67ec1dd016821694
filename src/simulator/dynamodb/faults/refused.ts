/** Faults that refuse a request: it was not applied, and, an internal error aside, its error says so. */
import { below } from '../../random.ts';
import type { Faulted, GatewayReply, GatewayRequest } from '../gateway/gateway.ts';
import { actionsOf, DATA_OPERATIONS, isPlainWrite, type JsonObject } from '../gateway/wire.ts';
import type { FaultKind, FaultParts } from './faults.ts';

/** Table, account or a hot partition at its limit. A transaction may hear of it as a reason. */
export function throttled({ random }: FaultParts): FaultKind {
  return {
    name: 'throttled',
    canBefall: ({ operation }) => DATA_OPERATIONS.has(operation),
    async apply(request) {
      if (request.operation.startsWith('Transact') && random() < 0.5) {
        const at = below(random, countActions(request));
        return refused(cancelled(request, at, 'ThrottlingError', 'Throughput exceeds the limit'));
      }
      return refused(
        refusal(
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
 * Another transaction holds an item. A `BatchWriteItem` isn't refused for that, nor is a read for what
 * only writers can have done to each other.
 */
export function conflict({ random }: FaultParts): FaultKind {
  return {
    name: 'conflict',
    canBefall: ({ operation }) => isPlainWrite(operation) || operation === 'TransactWriteItems',
    async apply(request) {
      if (request.operation === 'TransactWriteItems') {
        const at = below(random, countActions(request));
        return refused(
          cancelled(request, at, 'TransactionConflict', 'Transaction is ongoing for the item'),
        );
      }
      return refused(
        refusal(400, 'TransactionConflictException', 'Transaction is ongoing for the item'),
      );
    },
  };
}

/** To the caller it is no different from one after the request was applied. */
export function internalErrorBefore(): FaultKind {
  return {
    name: 'internal-error-before',
    canBefall: ({ operation }) => DATA_OPERATIONS.has(operation),
    apply: async () => refused(internalError()),
  };
}

export function internalError(): GatewayReply {
  return refusal(500, 'InternalServerError', 'Internal server error');
}

function refused(answer: GatewayReply): Faulted {
  return { answer, happened: true };
}

function refusal(status: number, error: string, message: string, more: JsonObject = {}) {
  const body = { __type: `com.amazonaws.dynamodb.v20120810#${error}`, message, ...more };
  return { kind: 'reply', status, body } as const;
}

/** A transaction of no actions is DynamoDB's to refuse, but something has to be blamed here. */
function countActions({ operation, input }: GatewayRequest): number {
  return Math.max(1, actionsOf(operation, input).length);
}

/** One reason an action, in their order. */
function cancelled(
  request: GatewayRequest,
  blamed: number,
  code: string,
  message: string,
): GatewayReply {
  const reasons: JsonObject[] = Array.from({ length: countActions(request) }, (_, at) =>
    at === blamed ? { Code: code, Message: message } : { Code: 'None' },
  );
  const codes = reasons.map(({ Code }) => Code).join(', ');
  const text = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`;
  // This exception spells it with a capital.
  const more = { Message: text, CancellationReasons: reasons };
  return refusal(400, 'TransactionCanceledException', text, more);
}
