/** Faults that carry out a part of what was asked, and say so in an answer of status 200. */
import { below } from '../../random.ts';
import type { GatewayReply } from '../gateway/gateway.ts';
import {
  countItems,
  isRecord,
  type Json,
  type JsonObject,
  listOf,
  recordOf,
} from '../gateway/wire.ts';
import type { FaultKind, FaultParts } from './faults.ts';

/**
 * Some items of a batch are done, at least one, the others come back unprocessed, at least one; any may
 * be among either, since DynamoDB promises no order. (Where none at all can be done it throttles.)
 */
export function unprocessedItems({ random }: FaultParts): FaultKind {
  return {
    name: 'unprocessed-items',
    canBefall: ({ operation, input }) =>
      Object.hasOwn(UNPROCESSED, operation) && countItems(operation, input) > 1,
    async apply({ operation, input }, proceed) {
      const items = countItems(operation, input);
      const certainlyDone = below(random, items);
      const certainlyLeft = (certainlyDone + 1 + below(random, items - 1)) % items;
      const isDone = Array.from(
        { length: items },
        (_, at) => at === certainlyDone || (at !== certainlyLeft && random() < 0.5),
      );
      const [done, left] = [true, false].map((wanted) => {
        let at = 0;
        return filtered(recordOf(input['RequestItems']), () => isDone[at++] === wanted);
      }) as [JsonObject, JsonObject];
      const reply = await proceed({ ...input, RequestItems: done });
      if (reply.status >= 300) return { answer: reply, happened: false };
      return { answer: withUnprocessed(reply, UNPROCESSED[operation] ?? '', left), happened: true };
    },
  };
}

const UNPROCESSED: Readonly<Record<string, string>> = {
  BatchWriteItem: 'UnprocessedItems',
  BatchGetItem: 'UnprocessedKeys',
};

/** The items to keep, in the order in which `actionsOf` lists them; tables without any are left out. */
function filtered(requestItems: JsonObject, keeps: () => boolean): JsonObject {
  const kept: Record<string, Json> = {};
  for (const [table, request] of Object.entries(requestItems)) {
    const isGet = isRecord(request);
    const items = listOf(isGet ? request['Keys'] : request).filter(() => keeps());
    if (items.length > 0) kept[table] = isGet ? { ...request, Keys: items } : items;
  }
  return kept;
}

/** Beside what DynamoDB itself has left. */
function withUnprocessed(reply: GatewayReply, field: string, left: JsonObject): GatewayReply {
  const all: Record<string, Json> = { ...recordOf(reply.body[field]) };
  for (const [table, request] of Object.entries(left)) {
    const others = all[table];
    if (isRecord(request)) {
      const keys = [...listOf(recordOf(others)['Keys']), ...listOf(request['Keys'])];
      all[table] = { ...request, Keys: keys };
    } else {
      all[table] = [...listOf(others), ...listOf(request)];
    }
  }
  return { ...reply, body: { ...reply.body, [field]: all } };
}

const PAGE_ITEMS_MAX = 10;

/**
 * A page of a query or scan ends after a few items, as one does at 1 MB; also a page with a limit of its
 * own, which is an upper bound. Nothing came of it where there were no more items than that anyway.
 */
export function smallPages({ random }: FaultParts): FaultKind {
  return {
    name: 'small-pages',
    canBefall: ({ operation }) => operation === 'Query' || operation === 'Scan',
    async apply({ input }, proceed) {
      const own = typeof input['Limit'] === 'number' ? input['Limit'] : Number.POSITIVE_INFINITY;
      const limit = 1 + below(random, PAGE_ITEMS_MAX);
      if (limit >= own) return { answer: await proceed(), happened: false };
      const answer = await proceed({ ...input, Limit: limit });
      return { answer, happened: answer.body['LastEvaluatedKey'] !== undefined };
    },
  };
}
