/**
 * Index lag: a query or scan of an index sees an earlier state, as an eventually consistent one
 * may, so that the caller's own acknowledged writes are missing.
 *
 * The responses to each index query are remembered, and an older one is returned if it is drawn.
 * The index really was in that state, but other queries may see another, and the first query of its
 * kind is always fresh. The age is limited to a number of responses, not a time: a busy run and an
 * idle one see the same lag.
 */
import { pick } from '../../random.ts';
import type { GatewayRequest, GatewayResponse } from '../gateway/request.ts';
import type { FaultKind, FaultParts } from './fault-kind.ts';

/** Responses remembered for each query. */
const RESPONSES_MAX = 4;
/** Queries remembered, the latest ones. */
const QUERIES_MAX = 1_000;

export function createIndexLag({ random, ratio }: FaultParts): FaultKind {
  const remembered = new Map<string, readonly GatewayResponse[]>();
  return {
    name: 'index-lag',
    seesAll: true,
    // A consistent read of a local index is never stale; of a global one it is rejected.
    appliesTo: ({ operation, input }) =>
      (operation === 'Query' || operation === 'Scan') &&
      input['IndexName'] !== undefined &&
      input['ConsistentRead'] !== true,
    async apply(request, proceed) {
      const fresh = await proceed();
      if (fresh.status >= 300) return { result: fresh, happened: false };
      const query = queryOf(request);
      const earlier = remembered.get(query) ?? [];
      remembered.delete(query);
      remembered.set(query, [...earlier, fresh].slice(-RESPONSES_MAX));
      const [oldest] = remembered.keys();
      if (remembered.size > QUERIES_MAX && oldest !== undefined) remembered.delete(oldest);
      const stale = earlier.filter((response) => contentOf(response) !== contentOf(fresh));
      if (random() >= ratio || stale.length === 0) return { result: fresh, happened: false };
      return { result: pick(random, stale), happened: true };
    },
  };
}

function queryOf({ operation, input }: GatewayRequest): string {
  return JSON.stringify([operation, input]);
}

function contentOf({ body }: GatewayResponse): string {
  const { ConsumedCapacity: _, ...content } = body;
  return JSON.stringify(content);
}
