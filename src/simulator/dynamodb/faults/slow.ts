import { DATA_OPERATIONS } from '../gateway/operations.ts';
import type { FaultKind, FaultParts } from './fault-kind.ts';

const DELAY_MS_MIN = 100;
const DELAY_MS_MAX = 2_000;

/** Delays the request or its response: it is applied late, or long before the response arrives. */
export function slow({ random, pause }: FaultParts): FaultKind {
  return {
    name: 'slow',
    appliesTo: ({ operation }) => DATA_OPERATIONS.has(operation),
    async apply(_, proceed) {
      const delayMs = DELAY_MS_MIN + random() * (DELAY_MS_MAX - DELAY_MS_MIN);
      const delaysRequest = random() < 0.5;
      if (delaysRequest) await pause(delayMs);
      const result = await proceed();
      if (!delaysRequest) await pause(delayMs);
      return { result, happened: true };
    },
  };
}
