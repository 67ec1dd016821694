/**
 * Index lag: a query or scan of an index is answered from an earlier state, as one that is eventually
 * consistent may be: one's own writes, acknowledged long ago, are not in it.
 *
 * The answers of each index query are remembered; where the random source say so it is answered with an older one.
 * That is a state which the index really was in, but of this query only: the first of its kind is
 * answered as it is. The age is bounded by a number of answers, not by a time, so that a busy run and an
 * idle one see the same.
 */
import { pick } from '../../random.ts';
import type { GatewayReply, GatewayRequest } from '../gateway/gateway.ts';
import type { FaultKind, FaultParts } from './faults.ts';

/** Answers remembered of each query. */
const ANSWERS_MAX = 4;
/** Queries remembered, those asked last. */
const QUERIES_MAX = 1_000;

export function createIndexLag({ random, ratio }: FaultParts): FaultKind {
  const remembered = new Map<string, readonly GatewayReply[]>();
  return {
    name: 'index-lag',
    seesAll: true,
    // A consistent read is of a local index, and then not stale; of a global one it is refused.
    canBefall: ({ operation, input }) =>
      (operation === 'Query' || operation === 'Scan') &&
      input['IndexName'] !== undefined &&
      input['ConsistentRead'] !== true,
    async apply(request, proceed) {
      const fresh = await proceed();
      if (fresh.status >= 300) return { answer: fresh, happened: false };
      const query = queryOf(request);
      const earlier = remembered.get(query) ?? [];
      remembered.delete(query);
      remembered.set(query, [...earlier, fresh].slice(-ANSWERS_MAX));
      const [oldest] = remembered.keys();
      if (remembered.size > QUERIES_MAX && oldest !== undefined) remembered.delete(oldest);
      const stale = earlier.filter((answer) => contentOf(answer) !== contentOf(fresh));
      if (random() >= ratio || stale.length === 0) return { answer: fresh, happened: false };
      return { answer: pick(random, stale), happened: true };
    },
  };
}

function queryOf({ operation, input }: GatewayRequest): string {
  return JSON.stringify([operation, input]);
}

/** Without what it consumed. */
function contentOf({ body }: GatewayReply): string {
  const { ConsumedCapacity: _, ...content } = body;
  return JSON.stringify(content);
}
