/** A handler with a bug that any search finds soon. */

import { createTables, type Tables } from '../../../src/handler/dynamodb/view-store.ts';
import { createHandler } from '../../../src/handler/handler.ts';
import { loaderOf } from '../../../src/simulator/execution/virtual/shipped.ts';

/** Purchases of a batch after its second have no row. `more`: requests that go wrong as well. */
export function forgetful(more: Partial<Tables> = {}) {
  return loaderOf({
    createHandler: (made) => createHandler(made),
    createTables(...made) {
      const tables = createTables(...made);
      return {
        ...tables,
        putPurchases: (purchases, signal) => tables.putPurchases(purchases.slice(0, 2), signal),
        ...more,
      };
    },
  });
}
