import { below } from '../../random.ts';
import type { FaultKind, FaultParts } from './fault-kind.ts';

const PAGE_ITEMS_MAX = 10;

/**
 * A page of a query or scan ends after a few items, as it would at 1 MB; never later than at the
 * request's own limit. Has no effect if there are no more items anyway.
 */
export function smallPages({ random }: FaultParts): FaultKind {
  return {
    name: 'small-pages',
    appliesTo: ({ operation }) => operation === 'Query' || operation === 'Scan',
    async apply({ input }, proceed) {
      const own = typeof input['Limit'] === 'number' ? input['Limit'] : Number.POSITIVE_INFINITY;
      const limit = 1 + below(random, PAGE_ITEMS_MAX);
      if (limit >= own) return { result: await proceed(), happened: false };
      const result = await proceed({ ...input, Limit: limit });
      return { result, happened: result.body['LastEvaluatedKey'] !== undefined };
    },
  };
}
