/** A score transfer brings Scores up to what the product's row counts, in one transaction. */
import { ROLES, type Role } from './contributor.ts';
import type { Product } from './product.ts';

export interface ScoreTransfer {
  readonly productId: string;
  /** The turn that the row must still have; undefined: only `written` is to be dropped. */
  readonly turn: number | undefined;
  readonly transferred: Readonly<Record<Role, number>>;
  /** Empty if the changes cancel out. */
  readonly scores: readonly ScoreChange[];
  /** The revision whose pending purchases all have their rows in Events; undefined: not known. */
  readonly written: number | undefined;
}

export interface ScoreKey {
  readonly userId: string;
  readonly role: Role;
}

export interface ScoreChange extends ScoreKey {
  readonly change: number;
}

/** Whether Scores has all sales of the product, and none for a former holder. */
export function isTransferred(product: Product): boolean {
  return (
    product.debts.length === 0 &&
    ROLES.every((role) => product[role].sales === product[role].transferred)
  );
}

export function planScoreTransfer(product: Product, isPendingWritten: boolean): ScoreTransfer {
  return {
    productId: product.productId,
    turn: isTransferred(product) ? undefined : product.turn,
    transferred: { creator: product.creator.sales, photographer: product.photographer.sales },
    scores: ROLES.flatMap((role) => scoreChanges(product, role)),
    written: isPendingWritten && product.pending.length > 0 ? product.revision : undefined,
  };
}

function scoreChanges(product: Product, role: Role): ScoreChange[] {
  const changes = new Map<string, number>();
  const add = (userId: string, change: number) =>
    changes.set(userId, (changes.get(userId) ?? 0) + change);
  const { holder, sales, transferred } = product[role];
  if (holder !== undefined) add(holder.origin, sales - transferred);
  for (const debt of product.debts) if (debt.role === role) add(debt.userId, -debt.score);
  return [...changes]
    .filter(([, change]) => change !== 0)
    .map(([userId, change]) => ({ userId, role, change }));
}

/** The changes of several transfers, each score once. */
export function sumScores(transfers: readonly ScoreTransfer[]): ScoreChange[] {
  const sums = new Map<string, { userId: string; role: Role; change: number }>();
  for (const { userId, role, change } of transfers.flatMap(({ scores }) => scores)) {
    const key = scoreId({ userId, role });
    const sum = sums.get(key);
    if (sum === undefined) sums.set(key, { userId, role, change });
    else sum.change += change;
  }
  return [...sums.values()].filter(({ change }) => change !== 0);
}

/** A score's key as one string. */
export function scoreId({ role, userId }: ScoreKey): string {
  return `${role} ${userId}`;
}
