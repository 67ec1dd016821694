/**
 * The retail game: merchants create products, photographers photograph them, customers buy them.
 */
import type { Workload } from '../../model/workload.ts';
import { bearOn } from './bear-on.ts';
import { DATA_SCHEMAS, encode } from './encode.ts';
import { entities } from './entities.ts';
import type { WinnerEvent } from './event.ts';
import { eventError } from './event-error.ts';
import { explain } from './explain.ts';
import { garbage } from './garbage.ts';
import { generate } from './generate.ts';
import { leaderboard } from './leaderboard.ts';
import { namedHistories } from './named-histories.ts';
import { reference } from './reference.ts';
import { marked, markOf, sentinel } from './shared-tables.ts';
import { sheets } from './sheets.ts';
import { smallHistory } from './small-history.ts';
import { smallLimits } from './small-limits.ts';
import { comparable, TABLES } from './tables.ts';
import { watch } from './watch.ts';

export const winner: Workload<WinnerEvent> = {
  name: 'winner',
  tables: TABLES,
  entities,
  generate,
  // The product id comes last: it may contain any character, the separator included.
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
  smallHistory,
  smallLimits,
  namedHistories,
  eventError,
  describe: (event) => ({
    kind: `product/${{ creation: 'create', photograph: 'image', purchase: 'purchase' }[event.kind]}`,
    subject: event.productId,
    eventId: event.eventId,
    origin: event.origin,
  }),
};
