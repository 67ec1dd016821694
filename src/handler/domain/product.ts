/**
 * What is stored of one product, and the decisions about it. Pure: no client, no clock, no random source.
 *
 * Vocabulary
 * - *revision*: counts the writes that recorded purchases or changed a contributor. Every stored
 *   purchase carries the revision that recorded it.
 * - *pending*: purchases that a revision recorded (they are counted) and whose rows in Events may not
 *   have been written yet. It is a write-ahead list: whoever reads it can write the rows.
 * - *sales*: purchases credited to a role's holder; *settled*: how many of them Scores holds.
 * - *turn*: counts the changes of what is settled; whoever settles must have seen the latest one.
 * - *debt*: what a former holder's score still has too much.
 * - *recount*: after a contributor changed, the stored purchases between the new and the old
 *   contributor's event id are still to be counted, a page at a time.
 */
import type { Purchase } from './event.ts';

export type Role = 'creator' | 'photographer';
export const ROLES: readonly Role[] = ['creator', 'photographer'];

/** A candidate for a role: an event's origin and event id. */
export interface Contributor {
  readonly origin: string;
  readonly eventId: string;
}

export interface Recount {
  /** The revision of the switch: purchases of earlier revisions are to be counted, others have been. */
  readonly revision: number;
  /** Purchases with greater event ids are to be counted: at first the contributor's own, then the last one seen. */
  readonly after: string;
  /** And with event ids up to this one: the former contributor's; undefined if there was none. */
  readonly upTo: string | undefined;
}

export interface RoleState {
  readonly holder: Contributor | undefined;
  readonly sales: number;
  readonly settled: number;
  readonly recount: Recount | undefined;
}

export interface Debt {
  readonly role: Role;
  readonly userId: string;
  readonly score: number;
}

export interface Product {
  readonly productId: string;
  /** 0: nothing is stored of it. */
  readonly revision: number;
  readonly turn: number;
  readonly creator: RoleState;
  readonly photographer: RoleState;
  readonly pending: readonly Purchase[];
  readonly debts: readonly Debt[];
}

const noRole: RoleState = { holder: undefined, sales: 0, settled: 0, recount: undefined };

/** A product of which nothing is stored. */
export function unknownProduct(productId: string): Product {
  return {
    productId,
    revision: 0,
    turn: 0,
    creator: noRole,
    photographer: noRole,
    pending: [],
    debts: [],
  };
}

/** Rule 3: whether `left` comes before `right`: by event id, then by origin. Both orders are bytewise. */
export function precedes(left: Contributor, right: Contributor): boolean {
  if (left.eventId !== right.eventId) return left.eventId < right.eventId;
  return compareBytes(left.origin, right.origin) < 0;
}

/** The candidate that takes the role from its holder, if it does. */
export function successor(
  state: RoleState,
  candidate: Contributor | undefined,
): Contributor | undefined {
  if (candidate === undefined) return undefined;
  return state.holder === undefined || precedes(candidate, state.holder) ? candidate : undefined;
}

/** A change of a role's holder, as it is written. */
export interface Switch {
  readonly holder: Contributor;
  readonly former: Contributor | undefined;
  /** Undefined: no stored purchase can lie between the two contributors. */
  readonly recount: Recount | undefined;
  readonly debt: Debt | undefined;
}

/** One write of the product's row: it records purchases, and makes switches, as one. */
export interface Recording {
  readonly productId: string;
  /** The revision that the row must still have. */
  readonly revision: number;
  /** The turn that it must still have; undefined if the write doesn't depend on it. */
  readonly turn: number | undefined;
  readonly purchases: readonly Purchase[];
  readonly salesAdded: Readonly<Record<Role, number>>;
  readonly switches: Readonly<Partial<Record<Role, Switch>>>;
}

/**
 * Records purchases of which none has been recorded before, and takes registrations into account.
 * A role that is being recounted can't change its holder: the recount comes first.
 */
export function planRecording(
  product: Product,
  purchases: readonly Purchase[],
  candidates: Readonly<Partial<Record<Role, Contributor>>>,
): Recording {
  const switches: Partial<Record<Role, Switch>> = {};
  const salesAdded: Record<Role, number> = { creator: 0, photographer: 0 };
  for (const role of ROLES) {
    const state = product[role];
    const next = successor(state, candidates[role]);
    if (next !== undefined) switches[role] = planSwitch(product, role, next);
    const holder = next ?? state.holder;
    if (holder === undefined) continue;
    salesAdded[role] = purchases.filter((purchase) => isCredited(purchase, holder)).length;
  }
  const turn = switches.creator || switches.photographer ? product.turn : undefined;
  const { productId, revision } = product;
  return { productId, revision, turn, purchases, salesAdded, switches };
}

/**
 * The old holder's sales all lie above its event id, so they are the new one's as well: only what Scores
 * holds for the old one becomes a debt, and only what lies between the two is to be counted.
 */
function planSwitch(product: Product, role: Role, next: Contributor): Switch {
  const { holder, settled } = product[role];
  const nothingBetween = product.revision === 0 || holder?.eventId === next.eventId;
  return {
    holder: next,
    former: holder,
    recount: nothingBetween
      ? undefined
      : { revision: product.revision + 1, after: next.eventId, upTo: holder?.eventId },
    debt:
      holder === undefined || settled === 0
        ? undefined
        : { role, userId: holder.origin, score: settled },
  };
}

/** Rule 4. */
function isCredited(purchase: Purchase, holder: Contributor): boolean {
  return purchase.eventId > holder.eventId;
}

export interface ScoreChange {
  readonly userId: string;
  readonly role: Role;
  readonly change: number;
}

/** Brings Scores up to what the product's row counts, in one transaction with the row. */
export interface Settlement {
  readonly productId: string;
  /** The turn that the row must still have; undefined: nothing is owed, only pending purchases go. */
  readonly turn: number | undefined;
  readonly settled: Readonly<Record<Role, number>>;
  /** Empty if what is owed cancels out. */
  readonly scores: readonly ScoreChange[];
  /** The revision whose pending purchases are known to be in Events; undefined: not known. */
  readonly written: number | undefined;
}

export function isSettled(product: Product): boolean {
  return (
    product.debts.length === 0 &&
    ROLES.every((role) => product[role].sales === product[role].settled)
  );
}

export function planSettlement(product: Product, pendingWritten: boolean): Settlement {
  return {
    productId: product.productId,
    turn: isSettled(product) ? undefined : product.turn,
    settled: { creator: product.creator.sales, photographer: product.photographer.sales },
    scores: ROLES.flatMap((role) => scoreChanges(product, role)),
    written: pendingWritten && product.pending.length > 0 ? product.revision : undefined,
  };
}

function scoreChanges(product: Product, role: Role): ScoreChange[] {
  const changes = new Map<string, number>();
  const add = (userId: string, change: number) =>
    changes.set(userId, (changes.get(userId) ?? 0) + change);
  const { holder, sales, settled } = product[role];
  if (holder !== undefined) add(holder.origin, sales - settled);
  for (const debt of product.debts) if (debt.role === role) add(debt.userId, -debt.score);
  return [...changes]
    .filter(([, change]) => change !== 0)
    .map(([userId, change]) => ({ userId, role, change }));
}

/** UTF-8 byte order, which for well-formed text is the order of code points. */
function compareBytes(left: string, right: string): number {
  const rightPoints = right[Symbol.iterator]();
  for (const point of left) {
    const other = rightPoints.next();
    if (other.done) return 1;
    const difference = (point.codePointAt(0) ?? 0) - (other.value.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return rightPoints.next().done ? 0 : -1;
}
