/** The retail game: merchants create products, photographers photograph them, customers buy them. */
import type { Workload } from '../../model/workload.ts';
import { bearOn } from './bear-on.ts';
import { DATA_SCHEMAS, encode } from './encode.ts';
import { entities } from './entities.ts';
import type { WinnerEvent } from './event.ts';
import { explain } from './explain.ts';
import { garbage } from './garbage.ts';
import { generate } from './generate.ts';
import { leaderboard } from './leaderboard.ts';
import { reference } from './reference.ts';
import { marked, markOf, sentinel } from './shared.ts';
import { sheets } from './sheets.ts';
import { small } from './small.ts';
import { comparable, TABLES } from './tables.ts';
import { watch } from './watch.ts';

export const winner: Workload<WinnerEvent> = {
  name: 'winner',
  tables: TABLES,
  entities,
  generate,
  small,
  // The product id last: alone of the three it may contain anything, the separator included.
  identity: (event) => [DATA_SCHEMAS[event.kind], event.eventId, event.productId].join('\u0000'),
  encode,
  garbage,
  reference,
  comparable,
  bearOn,
  shared: { marked: (mark) => marked(winner, mark), markOf, sentinel },
  watch,
  explain,
  sheets,
  leaderboard,
  describe: (event) => ({
    kind: `product/${{ creation: 'create', photograph: 'image', purchase: 'purchase' }[event.kind]}`,
    subject: event.productId,
    eventId: event.eventId,
    origin: event.origin,
  }),
};
