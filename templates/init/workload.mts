/**
 * Your view, as the simulator needs to know it: its events, their records on the stream, and the
 * rows that the tables must contain in the end. Replace the page views by your own events.
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

  // What events are about, and how many there are in a history of `count` events. The flag
  // `--entity pages=5` sets it.
  entities: (count) => ({ pages: Math.ceil(count / 50) }),

  // The events in the order in which they were produced. `roll()` is the only source of randomness,
  // so that a seed repeats the history.
  generate: ({ count, pages, roll }) =>
    Array.from(
      { length: count },
      (_, at): View => ({
        id: `view-${at}`,
        page: `/page/${Math.floor(roll() * pages)}`,
      }),
    ),

  // The same for all copies of an event, and different for any two events.
  identity: ({ id }) => id,

  // The record that a producer puts onto the stream.
  encode: (view) => ({ partitionKey: view.page, data: JSON.stringify(view) }),

  // The rows that the tables must contain once all of these events were applied, in any order. Keep
  // it simple, and share no code with the handler: the handler is checked against it.
  reference(views) {
    const counts = Map.groupBy(views, ({ page }) => page);
    return {
      Pages: [...counts].map(([page, { length }]) => ({ page, views: length })),
      Seen: views.map(({ id }) => ({ id })),
    };
  },

  // An event as reports show it, beside the wrong rows that have one of its subjects in their key.
  describe: ({ id, page }) => ({ kind: 'view', subject: page, eventId: id }),
} satisfies WorkloadDefinition<View, 'pages'>;
