/** Finds rows that disagree with other tables. Pure. */
import {
  NAMES,
  ROLES,
  type Role,
  type StoredProduct,
  type Tally,
  whole,
} from './stored-product.ts';

export interface Finding {
  readonly table: 'Contributions' | 'Scores';
  readonly key: readonly string[];
  /** `unfinished`: the row itself records work to be done. `wrong`: the row contradicts the rows it follows from. */
  readonly kind: 'unfinished' | 'wrong';
  /** The attributes that are off: expected and stored. */
  readonly expected: string;
  readonly got: string;
  readonly why: string;
  /** Changes with every write of the handler to the row. */
  readonly stamp: string;
  /** Of a row in Scores; `got`: undefined without a row. */
  readonly score?: { readonly expected: number; readonly got: unknown };
}

/** Undefined: the row is finished, and agrees with the product's purchases. */
export function checkProduct(product: StoredProduct, tally: Tally): Finding | undefined {
  const { productId, revision, turn, roles, pending, debts } = product;
  const off: [expected: string, got: string][] = [];
  const reasons: string[] = [];
  let isUnfinished = false;
  const unfinished = (expected: string, got: string): void => {
    isUnfinished = true;
    off.push([expected, got]);
  };
  if (pending.length > 0) unfinished('nothing pending', `${pending.length} pending`);
  if (debts.length > 0) unfinished('no debts', `${debts.length} debts`);
  for (const role of ROLES) {
    const { sales, settled, isRecounting } = roles[role];
    const credited = tally.credited[role];
    const names = NAMES[role];
    if (isRecounting) unfinished(`no ${names.recount}`, names.recount);
    if (settled !== sales) isUnfinished = true;
    if (sales !== credited)
      off.push([`${names.sales} ${credited}`, `${names.sales} ${shown(sales)}`]);
    if (settled !== credited) {
      off.push([`${names.settled} ${credited}`, `${names.settled} ${shown(settled)}`]);
    }
    if (sales !== credited && !isRecounting) {
      reasons.push(`Events has ${credited} purchases that credit its ${role}`);
    }
  }
  if (tally.revisionMax > revision) {
    off.push([`_rev ${tally.revisionMax} or more`, `_rev ${revision}`]);
    reasons.push('Events has purchases of a later revision');
  }
  if (off.length === 0) return undefined;
  const kind = isUnfinished && reasons.length === 0 ? 'unfinished' : 'wrong';
  return {
    table: 'Contributions',
    key: [productId],
    kind,
    expected: off.map(([expected]) => expected).join(', '),
    got: off.map(([, got]) => got).join(', '),
    why:
      kind === 'unfinished'
        ? 'an invocation is processing it, or was interrupted: its batch failed or was discarded'
        : reasons.join('; '),
    stamp: `${revision} ${turn}`,
  };
}

/** A product with purchases and without a row in Contributions, which the handler always writes first. */
export function checkOrphan(productId: string): Finding {
  return {
    table: 'Contributions',
    key: [productId],
    kind: 'wrong',
    expected: 'a row',
    got: 'no row',
    why:
      'Events has purchases of it. Only the stream has its creator and photographer: put those events onto ' +
      'it again',
    stamp: '',
  };
}

/** A score as it follows from products. */
export interface ExpectedScore {
  /** Purchases that credit the user in the role. */
  credited: number;
  /** The part that is in Scores by now, according to the products' rows. */
  held: number;
  /** One of the products that are off. */
  unfinished: string | undefined;
}

/** Adds a product's part of scores. */
export function addScores(
  scores: Map<string, ExpectedScore>,
  { productId, roles, debts }: StoredProduct,
  tally: Tally,
  isUnfinished: boolean,
): void {
  const add = (role: string, userId: string, credited: number, held: number): void => {
    const key = scoreKey(userId, role);
    const score = scores.get(key) ?? { credited: 0, held: 0, unfinished: undefined };
    score.credited += credited;
    score.held += held;
    if (isUnfinished) score.unfinished ??= productId;
    scores.set(key, score);
  };
  for (const role of ROLES) {
    const { holder, settled } = roles[role];
    if (holder !== undefined) add(role, holder.origin, tally.credited[role], whole(settled));
  }
  for (const { role, userId, score } of debts) add(role, userId, 0, score);
}

/** `got`: undefined without a row, which counts as a score of 0. */
export function checkScore(
  userId: string,
  role: string,
  expected: ExpectedScore | undefined,
  got: unknown,
): Finding | undefined {
  const { credited = 0, held = 0, unfinished } = expected ?? {};
  if ((got ?? 0) === credited) return undefined;
  const isHeld = unfinished !== undefined && (got ?? 0) === held;
  return {
    table: 'Scores',
    key: [userId, role],
    kind: isHeld ? 'unfinished' : 'wrong',
    expected: credited === 0 ? 'no row' : `score ${credited}`,
    got: got === undefined ? 'no row' : `score ${shown(got)}`,
    why: isHeld
      ? `it follows from product ${unfinished}, which is off`
      : 'no product accounts for it: something other than the handler wrote it',
    stamp: '',
    score: { expected: credited, got },
  };
}

export function scoreKey(userId: string, role: string): string {
  return JSON.stringify([userId, role]);
}

/** Identifies the row. */
export function nameOf({ table, key }: Pick<Finding, 'table' | 'key'>): string {
  return JSON.stringify([table, ...key]);
}

export function isRole(text: string): text is Role {
  return ROLES.some((role) => role === text);
}

function shown(value: unknown): string {
  return typeof value === 'number' || typeof value === 'string' ? String(value) : 'of another type';
}
