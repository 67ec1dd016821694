/** Faults that apply a write but withhold its response. */
import { isWrite } from '../gateway/operations.ts';
import type { GatewayResult } from '../gateway/request.ts';
import { internalError } from './error-response.ts';
import type { FaultKind } from './fault-kind.ts';

/** For a read, it would be the same as `internal-error-before`. */
export function internalErrorAfter(): FaultKind {
  return afterWrite('internal-error-after', internalError);
}

/** The connection breaks before the response. */
export function answerLost(): FaultKind {
  return afterWrite('answer-lost', () => ({ kind: 'lost' }));
}

/** An error response stays: DynamoDB didn't apply the write. */
function afterWrite(name: FaultKind['name'], instead: () => GatewayResult): FaultKind {
  return {
    name,
    appliesTo: ({ operation }) => isWrite(operation),
    async apply(_, proceed) {
      const response = await proceed();
      const isRefused = response.status >= 300;
      return { result: isRefused ? response : instead(), happened: !isRefused };
    },
  };
}
