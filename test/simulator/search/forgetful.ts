/** A handler with a bug that any search finds soon. */
import { createDynamoDBViewStore } from '../../../src/handler/dynamodb/view-store.ts';
import type { ViewStore } from '../../../src/handler/view-store.ts';
import { loaderOf } from '../../../src/simulator/execution/virtual/shipped.ts';

/** Purchases after the second of a batch get no row. `more`: other requests that are wrong. */
export function forgetful(more: Partial<ViewStore> = {}) {
  return loaderOf({
    createStore(...made) {
      const store = createDynamoDBViewStore(...made);
      return {
        ...store,
        writePurchases: (purchases, signal) => store.writePurchases(purchases.slice(0, 2), signal),
        ...more,
      };
    },
  });
}
