/**
 * Your view, as the simulator needs to know it: which events there are, how they look on the stream, and what the
 * tables must say in the end. Replace the page views by your own.
 */
import type { WorkloadDefinition } from 'winner-view';

export interface View {
  readonly id: string;
  readonly page: string;
}

export default {
  name: 'page-views',

  // The handler finds their real names in TABLE_PAGES_NAME and TABLE_SEEN_NAME.
  tables: {
    Pages: { key: { page: 'S' } },
    Seen: { key: { id: 'S' } },
  },

  // The events in the order in which the world produced them. `roll()` is the only chance there may be: the
  // same seed must give the same history. `products` and `users` are the flags of that name.
  generate: ({ count, products, roll }) =>
    Array.from(
      { length: count },
      (_, at): View => ({
        id: `view-${at}`,
        page: `/page/${Math.floor(roll() * products)}`,
      }),
    ),

  // Copies of one event share it, and no other event has it.
  identity: ({ id }) => id,

  // What a producer puts onto the stream.
  encode: (view) => ({ partitionKey: view.page, data: JSON.stringify(view) }),

  // The rows that the tables must have once all of these events were applied, in whatever order. Write it as dumb
  // as you can, and without a line of the handler's: it is what the handler is held against.
  reference(views) {
    const counts = Map.groupBy(views, ({ page }) => page);
    return {
      Pages: [...counts].map(([page, { length }]) => ({ page, views: length })),
      Seen: views.map(({ id }) => ({ id })),
    };
  },

  // An event in a few words, and the rows beside which it is shown when they are wrong.
  describe: ({ id, page }) => ({ kind: 'view', subject: page, eventId: id }),
} satisfies WorkloadDefinition<View>;
