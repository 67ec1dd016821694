import { below } from '../../random.ts';
import { actionsOf } from '../gateway/actions.ts';
import { isObject, type Json, type JsonObject, listOf, objectOf } from '../gateway/json.ts';
import type { GatewayResponse } from '../gateway/request.ts';
import type { FaultKind, FaultParts } from './fault-kind.ts';

/**
 * At least one item of a batch is processed, and at least one comes back unprocessed; DynamoDB
 * promises no order. (If it can process none at all, it throttles.)
 */
export function unprocessedItems({ random }: FaultParts): FaultKind {
  return {
    name: 'unprocessed-items',
    appliesTo: ({ operation, input }) =>
      Object.hasOwn(UNPROCESSED, operation) && actionsOf(operation, input).length > 1,
    async apply({ operation, input }, proceed) {
      const items = actionsOf(operation, input).length;
      const certainlyDone = below(random, items);
      const certainlyLeft = (certainlyDone + 1 + below(random, items - 1)) % items;
      const isDone = Array.from(
        { length: items },
        (_, at) => at === certainlyDone || (at !== certainlyLeft && random() < 0.5),
      );
      const [done, left] = [true, false].map((wanted) => {
        let at = 0;
        return filtered(objectOf(input['RequestItems']), () => isDone[at++] === wanted);
      }) as [JsonObject, JsonObject];
      const response = await proceed({ ...input, RequestItems: done });
      if (response.status >= 300) return { result: response, happened: false };
      const result = withUnprocessed(response, UNPROCESSED[operation] ?? '', left);
      return { result, happened: true };
    },
  };
}

const UNPROCESSED: Readonly<Record<string, string>> = {
  BatchWriteItem: 'UnprocessedItems',
  BatchGetItem: 'UnprocessedKeys',
};

/** The items to keep, in the order of `actionsOf`; without tables that have none. */
function filtered(requestItems: JsonObject, keeps: () => boolean): JsonObject {
  const kept: Record<string, Json> = {};
  for (const [table, request] of Object.entries(requestItems)) {
    const isGet = isObject(request);
    const items = listOf(isGet ? request['Keys'] : request).filter(() => keeps());
    if (items.length > 0) kept[table] = isGet ? { ...request, Keys: items } : items;
  }
  return kept;
}

/** Adds to what DynamoDB itself left unprocessed. */
function withUnprocessed(
  response: GatewayResponse,
  field: string,
  left: JsonObject,
): GatewayResponse {
  const all: Record<string, Json> = { ...objectOf(response.body[field]) };
  for (const [table, request] of Object.entries(left)) {
    const others = all[table];
    if (isObject(request)) {
      const keys = [...listOf(objectOf(others)['Keys']), ...listOf(request['Keys'])];
      all[table] = { ...request, Keys: keys };
    } else {
      all[table] = [...listOf(others), ...listOf(request)];
    }
  }
  return { ...response, body: { ...response.body, [field]: all } };
}
