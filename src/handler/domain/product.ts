/**
 * A product, as its row in Contributions stores it.
 *
 * Glossary
 * - *commit*: a conditional write of the row that adds purchases, or changes the holder of a role.
 * - *switch*: the change of a role's holder in a commit.
 * - *revision*: the number of commits so far. Each row in Events has the revision of its commit.
 * - *pending*: the purchases of the last commit, which are counted, but may have no row in Events
 *   yet. The list is a write-ahead log: any invocation that reads it can write the missing rows.
 * - *sales*: the number of purchases that credit the holder of a role.
 * - *transferred*: the number of those sales that Scores already contains.
 * - *score transfer*: the write that brings Scores up to the sales, and pays the debts.
 * - *turn*: the number of changes to what is transferred. A write that depends on what is
 *   transferred is conditioned on the turn that was read, and increments it.
 * - *debt*: the part of a former holder's score that must still be subtracted.
 * - *recount*: after a change of holder, the stored purchases between the event ids of the new and
 *   the former holder, which are still to be counted for the new one, one page at a time.
 */
import type { Contributor, Role } from './contributor.ts';
import type { Purchase } from './event.ts';

export interface Product {
  readonly productId: string;
  /** 0: the product has no row. */
  readonly revision: number;
  readonly turn: number;
  readonly creator: RoleState;
  readonly photographer: RoleState;
  readonly pending: readonly Purchase[];
  readonly debts: readonly Debt[];
}

export interface RoleState {
  readonly holder: Contributor | undefined;
  readonly sales: number;
  readonly transferred: number;
  readonly recount: Recount | undefined;
}

export interface Recount {
  /** The revision of the switch. Only purchases of earlier revisions are counted. */
  readonly revision: number;
  /** Exclusive: at first the new holder's event id, then the last one counted. */
  readonly after: string;
  /** Inclusive: the former holder's event id; undefined if there was none. */
  readonly upTo: string | undefined;
}

/** Which recount it is. */
export interface RoleRecount extends Recount {
  readonly productId: string;
  readonly role: Role;
}

export interface Debt {
  readonly role: Role;
  readonly userId: string;
  readonly score: number;
}

/** A product that has no row. */
export function emptyProduct(productId: string): Product {
  return {
    productId,
    revision: 0,
    turn: 0,
    creator: EMPTY_ROLE,
    photographer: EMPTY_ROLE,
    pending: [],
    debts: [],
  };
}

const EMPTY_ROLE: RoleState = { holder: undefined, sales: 0, transferred: 0, recount: undefined };
