/** Faults that leave a request as it is, and keep its caller from hearing in time what became of it. */
import type { GatewayAnswer } from '../gateway/gateway.ts';
import { DATA_OPERATIONS, isWrite } from '../gateway/wire.ts';
import type { FaultKind, FaultParts } from './faults.ts';
import { internalError } from './refused.ts';

/** Of a read the caller couldn't tell it from an error before. */
export function internalErrorAfter(): FaultKind {
  return afterWrite('internal-error-after', internalError);
}

/** The connection is cut in place of the answer. */
export function answerLost(): FaultKind {
  return afterWrite('answer-lost', () => ({ kind: 'lost' }));
}

/** What DynamoDB refused was not applied, so that the refusal has to stand. */
function afterWrite(name: FaultKind['name'], answer: () => GatewayAnswer): FaultKind {
  return {
    name,
    canBefall: ({ operation }) => isWrite(operation),
    async apply(_, proceed) {
      const reply = await proceed();
      const isRefused = reply.status >= 300;
      return { answer: isRefused ? reply : answer(), happened: !isRefused };
    },
  };
}

const DELAY_MS_MIN = 100;
const DELAY_MS_MAX = 2_000;

/** Held up on the way there or on the way back: it is applied late, or long before it is answered. */
export function slow({ random, pause }: FaultParts): FaultKind {
  return {
    name: 'slow',
    canBefall: ({ operation }) => DATA_OPERATIONS.has(operation),
    async apply(_, proceed) {
      const delayMs = DELAY_MS_MIN + random() * (DELAY_MS_MAX - DELAY_MS_MIN);
      const onTheWayThere = random() < 0.5;
      if (onTheWayThere) await pause(delayMs);
      const answer = await proceed();
      if (!onTheWayThere) await pause(delayMs);
      return { answer, happened: true };
    },
  };
}
