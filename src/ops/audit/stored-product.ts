/**
 * A stored product: its row in Contributions, and how many of its purchases credit each role. Follows
 * the documented row format (docs/internals/convergence.md, docs/operations/runbook.md) and shares no
 * code with the handler. Pure.
 */
import type { Row } from '../../simulator/model/workload.ts';

export const ROLES = ['creator', 'photographer'] as const;
export type Role = (typeof ROLES)[number];

/** The attributes of a role. */
export const NAMES = {
  creator: {
    ...{ holder: 'creator', eventId: 'creatorEventId', sales: '_creatorSales' },
    ...{ settled: '_creatorSettled', recount: '_creatorRecount' },
  },
  photographer: {
    ...{ holder: 'photographer', eventId: 'photographerEventId', sales: '_photographerSales' },
    ...{ settled: '_photographerSettled', recount: '_photographerRecount' },
  },
} as const;

export interface StoredRole {
  /** Undefined unless the row has both an origin and an event id. */
  readonly holder: { readonly origin: string; readonly eventId: string } | undefined;
  /** As stored, of any type; 0 if absent. */
  readonly sales: unknown;
  readonly settled: unknown;
  readonly isRecounting: boolean;
}

export interface PendingPurchase {
  readonly eventId: string;
  readonly origin: string;
  readonly timeOrigin: string;
}

export interface Debt {
  readonly role: string;
  readonly userId: string;
  readonly score: number;
}

export interface StoredProduct {
  readonly productId: string;
  readonly revision: number;
  readonly turn: number;
  readonly roles: Readonly<Record<Role, StoredRole>>;
  /** Recorded in this row; a row in Events may be missing. */
  readonly pending: readonly PendingPurchase[];
  readonly debts: readonly Debt[];
}

export function storedProduct(row: Row): StoredProduct {
  const revision = whole(row['_rev']);
  return {
    productId: String(row['productId']),
    revision,
    turn: whole(row['_turn']),
    roles: { creator: storedRole(row, 'creator'), photographer: storedRole(row, 'photographer') },
    pending: pendingOf(mapOf(row['_pending'])[String(revision)]),
    debts: listOf(row['_debts']).map((value) => {
      const { role, userId, score } = mapOf(value);
      return { role: String(role), userId: String(userId), score: whole(score) };
    }),
  };
}

function storedRole(row: Row, role: Role): StoredRole {
  const { holder, eventId, sales, settled, recount } = NAMES[role];
  const [origin, since] = [row[holder], row[eventId]];
  return {
    holder:
      typeof origin === 'string' && typeof since === 'string'
        ? { origin, eventId: since }
        : undefined,
    sales: row[sales] ?? 0,
    settled: row[settled] ?? 0,
    isRecounting: row[recount] !== undefined,
  };
}

/** A flat list with three strings for each purchase. */
function pendingOf(value: unknown): PendingPurchase[] {
  const strings = listOf(value).map(String);
  const pending: PendingPurchase[] = [];
  for (let at = 0; at + 2 < strings.length; at += 3) {
    const [eventId = '', origin = '', timeOrigin = ''] = strings.slice(at, at + 3);
    pending.push({ eventId, origin, timeOrigin });
  }
  return pending;
}

/** The relevant part of a row in Events. */
export interface StoredPurchase {
  readonly eventId: string;
  readonly revision: number;
}

/** The purchases of a product, counted by rule 4. */
export interface Tally {
  readonly purchases: number;
  readonly credited: Readonly<Record<Role, number>>;
  /** The greatest revision that recorded one. */
  readonly revisionMax: number;
  /** Pending purchases without a row. */
  readonly unwritten: readonly PendingPurchase[];
}

export async function tallyPurchases(
  { roles, pending }: Pick<StoredProduct, 'roles' | 'pending'>,
  purchases: AsyncIterable<StoredPurchase>,
): Promise<Tally> {
  const unwritten = new Map(pending.map((purchase) => [purchase.eventId, purchase]));
  const credited = { creator: 0, photographer: 0 };
  let counted = 0;
  let revisionMax = 0;
  const count = (eventId: string): void => {
    counted++;
    for (const role of ROLES) {
      const { holder } = roles[role];
      // Event ids are ASCII, so this compares byte by byte.
      if (holder !== undefined && eventId > holder.eventId) credited[role]++;
    }
  };
  for await (const { eventId, revision } of purchases) {
    unwritten.delete(eventId);
    revisionMax = Math.max(revisionMax, revision);
    count(eventId);
  }
  for (const eventId of unwritten.keys()) count(eventId);
  return { purchases: counted, credited, revisionMax, unwritten: [...unwritten.values()] };
}

function mapOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** 0 for any value that is not a safe integer. */
export function whole(value: unknown): number {
  return Number.isSafeInteger(value) ? (value as number) : 0;
}
