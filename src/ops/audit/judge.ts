/** What of the tables doesn't agree with the rest of them, row by row. Pure. */
import { NAMES, ROLES, type Role, type StoredProduct, type Tally, whole } from './stored.ts';

export interface Finding {
  readonly table: 'Contributions' | 'Scores';
  readonly key: readonly string[];
  /**
   * `unfinished`: the row says itself that something is left to do. `wrong`: it says nothing, or something else
   * than the rows that it follows from.
   */
  readonly kind: 'unfinished' | 'wrong';
  /** The attributes that are off, as they should be and as they are. */
  readonly expected: string;
  readonly got: string;
  readonly why: string;
  /** Changes with every write to the row by the handler. */
  readonly stamp: string;
  /** Of a row in Scores; `got`: undefined if there is none. */
  readonly score?: { readonly expected: number; readonly got: unknown };
}

/** Undefined: the row is at rest and agrees with the product's purchases. */
export function judgeProduct(product: StoredProduct, tally: Tally): Finding | undefined {
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
        ? 'an invocation is at work on it, or was cut off: its batch failed, or was discarded'
        : reasons.join('; '),
    stamp: `${revision} ${turn}`,
  };
}

/** Purchases of a product that has no row in Contributions, although its row is always written first. */
export function judgeOrphan(productId: string): Finding {
  return {
    table: 'Contributions',
    key: [productId],
    kind: 'wrong',
    expected: 'a row',
    got: 'no row',
    why:
      'Events has purchases of it. Who created and photographed it is known from the stream only: put those ' +
      'events onto it again',
    stamp: '',
  };
}

/** What products say that a score should be. */
export interface ExpectedScore {
  /** Purchases that credit the user in the role. */
  credited: number;
  /** What the products' rows say that Scores holds by now. */
  held: number;
  /** One of the products that are not settled. */
  unfinished: string | undefined;
}

/** Adds what a product means for scores. */
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

/** `got`: undefined where there is no row, which is as good as a score of 0. */
export function judgeScore(
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
      : 'no product accounts for it: written by something else than the handler',
    stamp: '',
    score: { expected: credited, got },
  };
}

export function scoreKey(userId: string, role: string): string {
  return JSON.stringify([userId, role]);
}

export function isRole(text: string): text is Role {
  return ROLES.some((role) => role === text);
}

function shown(value: unknown): string {
  return typeof value === 'number' || typeof value === 'string' ? String(value) : 'of another type';
}
