/** A commit: what one write of a product's row changes. */
import { type Contributor, ROLES, type Role, successor } from './contributor.ts';
import type { Purchase } from './event.ts';
import type { Debt, Product, Recount } from './product.ts';

export interface Commit {
  readonly productId: string;
  /** The revision that the row must still have. */
  readonly revision: number;
  /** The turn that the row must still have; undefined: the commit does not depend on it. */
  readonly turn: number | undefined;
  readonly purchases: readonly Purchase[];
  readonly salesAdded: Readonly<Record<Role, number>>;
  readonly switches: Readonly<Partial<Record<Role, Switch>>>;
}

/** A change of a role's holder. */
export interface Switch {
  readonly holder: Contributor;
  readonly former: Contributor | undefined;
  /** Undefined: no stored purchase can be between the two holders. */
  readonly recount: Recount | undefined;
  readonly debt: Debt | undefined;
}

/**
 * Commits purchases, none of which was committed before, and registrations that take a role.
 * A role that is being recounted must not change its holder: the recount comes first.
 */
export function planCommit(
  product: Product,
  purchases: readonly Purchase[],
  candidates: Readonly<Partial<Record<Role, Contributor>>>,
): Commit {
  const switches: Partial<Record<Role, Switch>> = {};
  const salesAdded: Record<Role, number> = { creator: 0, photographer: 0 };
  for (const role of ROLES) {
    const former = product[role].holder;
    const next = successor(former, candidates[role]);
    if (next !== undefined) switches[role] = planSwitch(product, role, next);
    const holder = next ?? former;
    if (holder === undefined) continue;
    salesAdded[role] = purchases.filter((purchase) => isCredited(purchase, holder)).length;
  }
  const turn = switches.creator || switches.photographer ? product.turn : undefined;
  const { productId, revision } = product;
  return { productId, revision, turn, purchases, salesAdded, switches };
}

/**
 * All sales of the former holder are above its event id, and therefore credit the new holder too.
 * What Scores has for the former one becomes a debt, and only purchases between the two are to be
 * counted.
 */
function planSwitch(product: Product, role: Role, next: Contributor): Switch {
  const { holder, transferred } = product[role];
  const nothingBetween = product.revision === 0 || holder?.eventId === next.eventId;
  return {
    holder: next,
    former: holder,
    recount: nothingBetween
      ? undefined
      : { revision: product.revision + 1, after: next.eventId, upTo: holder?.eventId },
    debt:
      holder === undefined || transferred === 0
        ? undefined
        : { role, userId: holder.origin, score: transferred },
  };
}

/** Rule 4. */
function isCredited(purchase: Purchase, holder: Contributor): boolean {
  return purchase.eventId > holder.eventId;
}
