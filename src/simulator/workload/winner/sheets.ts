/**
 * Sheets of a product (who holds its roles and why, and for whom each purchase counts) and of a
 * user (where the score comes from). Holders and scores are the reference's; only the reasons are
 * derived here.
 */
import type { GameEvent } from '../../../handler/domain/event.ts';
import type { EventSource, Row, Sheet, SheetRow, Sheets } from '../../model/workload.ts';
import type { WinnerEvent } from './event.ts';
import { historyIndex } from './history-index.ts';
import { reference } from './reference.ts';

const ROLES = [
  { role: 'creator', kind: 'creation', schema: 'product/create' },
  { role: 'photographer', kind: 'photograph', schema: 'product/image' },
] as const;

export function sheets(
  history: EventSource<WinnerEvent>,
): Readonly<Record<'product' | 'user', Sheets>> {
  const { products, registeredBy } = historyIndex(history);
  const eventsOf = (productId: string): WinnerEvent[] =>
    Object.values(products.get(productId) ?? {}).flatMap((indexes) =>
      indexes.map((index) => history.at(index)),
    );
  return {
    product: {
      ids: () => products.keys(),
      of: (id) => (products.has(id) ? productSheet(id, eventsOf(id)) : undefined),
    },
    user: {
      ids: () => registeredBy.keys(),
      of(id) {
        const registered = registeredBy.get(id);
        if (registered === undefined) return undefined;
        return userSheet(
          id,
          [...registered].map((productId) => eventsOf(productId)),
        );
      },
    },
  };
}

/** `events`: all of the product, in any order. */
export function productSheet(productId: string, events: readonly GameEvent[]): Sheet {
  const holders = holdersOf(events);
  const purchases = events.filter(({ kind }) => kind === 'purchase');
  const counted = ROLES.map(({ role }) => {
    const sold = purchases.filter(({ eventId }) => isCredited(eventId, holders[role])).length;
    return `${sold} for the ${role}`;
  });
  return {
    title: `product ${productId}`,
    facts: [
      ...ROLES.map((role) => holderFact(role, holders[role.role], events)),
      `purchases: ${purchases.length}, of which count ${counted.join(', ')}`,
    ],
    columns: ['', 'kind', 'event', 'who', 'what it means'],
    rows: [...events].sort(compareEvents).map((event, at) => eventRow(event, at, holders)),
  };
}

/** `products`: all events of each product that the user registered. */
export function userSheet(userId: string, products: readonly (readonly GameEvent[])[]): Sheet {
  const rows = products.flatMap((events) => {
    const holders = holdersOf(events);
    const purchases = events.filter(({ kind }) => kind === 'purchase');
    return ROLES.flatMap(({ role, kind }) => {
      const own = events.filter((event) => event.kind === kind && event.origin === userId);
      const holder = holders[role];
      const [first] = events;
      if (own.length === 0 || first === undefined) return [];
      const isHeld = holder?.origin === userId;
      const sold = isHeld ? purchases.filter(({ eventId }) => isCredited(eventId, holder)) : [];
      const why = isHeld
        ? `the purchases after ${role === 'creator' ? 'its creation' : 'its image'}`
        : `none: another user is its ${role}`;
      const event = isHeld ? holder.eventId : (own[0]?.eventId ?? '');
      const numbers = [`${sold.length}`, `${purchases.length}`];
      return [{ score: sold.length, role, cells: [first.productId, role, event, ...numbers, why] }];
    });
  });
  return {
    title: `user ${userId}`,
    facts: ROLES.map(({ role }) => {
      const ofRole = rows.filter((row) => row.role === role);
      const score = ofRole.reduce((sum, row) => sum + row.score, 0);
      const from = ofRole.filter((row) => row.score > 0).length;
      return `score as ${role}: ${score}, from ${from} of ${ofRole.length} registered products`;
    }),
    columns: ['product', 'role', 'registered by', 'counted', 'purchases', 'what counts'],
    rows: rows
      .sort((left, right) => right.score - left.score)
      .map(({ cells, score }): SheetRow => (score > 0 ? { cells, isKey: true } : { cells })),
  };
}

type Holder = { readonly origin: string; readonly eventId: string } | undefined;
type Holders = Readonly<Record<'creator' | 'photographer', Holder>>;

/** The holders in the reference. */
function holdersOf(events: readonly GameEvent[]): Holders {
  const row = reference(events).get('Contributions')?.[0];
  return { creator: holder(row, 'creator'), photographer: holder(row, 'photographer') };
}

function holder(row: Row | undefined, role: string): Holder {
  const origin = row?.[role];
  if (origin === undefined) return undefined;
  return { origin: String(origin), eventId: String(row?.[`${role}EventId`]) };
}

/** Rule 4. */
function isCredited(eventId: string, held: Holder): boolean {
  return held !== undefined && eventId > held.eventId;
}

function holderFact(
  { role, kind, schema }: (typeof ROLES)[number],
  held: Holder,
  events: readonly GameEvent[],
): string {
  if (held === undefined) return `${role}: none, because there is no ${schema}`;
  const candidates = events.filter((event) => event.kind === kind);
  const same = candidates.filter(({ eventId }) => eventId === held.eventId);
  const why =
    candidates.length === 1
      ? `the only ${schema}`
      : same.length > 1
        ? `the least event id of ${candidates.length} ${schema}, and the smaller origin of the ${same.length} that share it`
        : `the least event id of ${candidates.length} ${schema}`;
  return `${role}: ${held.origin}, since ${held.eventId}: ${why}`;
}

function eventRow(event: GameEvent, at: number, holders: Holders): SheetRow {
  const { eventId, origin } = event;
  const role = ROLES.find(({ kind }) => kind === event.kind);
  const kind = role?.schema ?? 'product/purchase';
  const cells = [`${at + 1}`, kind, eventId, origin];
  if (role === undefined) return { cells: [...cells, purchaseMeaning(eventId, holders)] };
  const held = holders[role.role];
  const meaning =
    eventId !== held?.eventId
      ? `nothing: not the least ${role.schema}`
      : origin === held.origin
        ? `${role.role} from here on`
        : `nothing: its event id is shared by a smaller origin`;
  return { cells: [...cells, meaning], isKey: true };
}

function purchaseMeaning(eventId: string, holders: Holders): string {
  const credited = ROLES.filter(({ role }) => isCredited(eventId, holders[role]));
  const others = ROLES.filter(({ role }) => !isCredited(eventId, holders[role]));
  const reasons = others.map(({ role }) => {
    const held = holders[role];
    if (held === undefined) return `there is no ${role}`;
    return held.eventId === eventId ? `not after the ${role}` : `before the ${role}`;
  });
  const names = credited.map(({ role }) => role).join(' and ');
  return [`counts for ${names || 'no one'}`, reasons.join(', ')].filter(Boolean).join(': ');
}

const KINDS = ['creation', 'photograph', 'purchase'];

/** Event ids are ASCII, so that `<` compares their bytes. */
function compareEvents(left: GameEvent, right: GameEvent): number {
  if (left.eventId !== right.eventId) return left.eventId < right.eventId ? -1 : 1;
  return KINDS.indexOf(left.kind) - KINDS.indexOf(right.kind);
}
