/**
 * Invariants of the game, which hold at every moment of a run.
 *
 * A score of the shipped handler equals exactly what the bookkeeping of the products' rows says
 * (`_...Settled`, `_debts`). For a handler without this bookkeeping, a score is at least zero, and
 * at most the number of purchases stored for the products whose rows have, or once had, the user in
 * that role.
 */
import type { BrokenInvariant, Row, Watcher } from '../../model/workload.ts';
import type { WinnerEvent } from './event.ts';

const ROLES = ['creator', 'photographer'] as const;

export function watch(): Watcher<WinnerEvent> {
  /** By role and user: the score minus what the products' rows say. */
  const excess = new Map<string, number>();
  const touched = new Set<string>();
  let keepsBooks = false;
  const bounds = createBounds();
  const add = (role: string, userId: unknown, amount: unknown): void => {
    if (userId === undefined || !amount) return;
    const key = `${role} ${String(userId)}`;
    excess.set(key, (excess.get(key) ?? 0) + Number(amount));
    touched.add(key);
  };
  const addSettled = (row: Row | undefined, sign: number): void => {
    if (row === undefined) return;
    for (const role of ROLES) add(role, row[role], -sign * Number(row[`_${role}Settled`] ?? 0));
    keepsBooks ||= BOOKS.some((name) => row[name] !== undefined);
    for (const debt of (row['_debts'] ?? []) as Row[]) {
      add(String(debt['role']), debt['userId'], -sign * Number(debt['score']));
    }
  };

  return {
    wrote(table, before, after) {
      if (!keepsBooks) bounds.wrote(table, before, after);
      if (table === 'Events') return changedPurchase(before, after);
      if (table === 'Scores') {
        const row = after ?? before;
        const change = Number(after?.['score'] ?? 0) - Number(before?.['score'] ?? 0);
        add(String(row?.['role']), row?.['userId'], change);
      }
      if (table !== 'Contributions') return undefined;
      addSettled(before, -1);
      addSettled(after, 1);
      return laterContributor(before, after);
    },

    committed() {
      let message: string | undefined;
      for (const key of touched) {
        const amount = excess.get(key) ?? 0;
        if (amount === 0) excess.delete(key);
        else if (keepsBooks) {
          message ??= `the score of ${key} is ${amount} off what the products say is settled`;
        }
      }
      touched.clear();
      if (message !== undefined) return { invariant: 'scores-match-books', message };
      return keepsBooks ? undefined : bounds.broken();
    },

    checkpointed(event, readRow) {
      const { productId, eventId, origin } = event;
      if (event.kind === 'purchase') {
        if (readRow('Events', [productId, eventId]) !== undefined) return undefined;
        return {
          invariant: 'acknowledged-purchase-is-stored',
          message: `the purchase ${eventId} of product ${productId} was acknowledged, and has no row`,
        };
      }
      const role = event.kind === 'creation' ? 'creator' : 'photographer';
      const row = readRow('Contributions', [productId]);
      const since = row?.[`${role}EventId`];
      if (typeof since === 'string' && since <= eventId) return undefined;
      return {
        invariant: 'acknowledged-registration-is-stored',
        message: `${origin} was acknowledged as ${role} of product ${productId} since ${eventId}, and the row has ${String(since)}`,
      };
    },
  };
}

/** The shipped handler's bookkeeping in a product's row. */
const BOOKS = ['_creatorSettled', '_photographerSettled', '_debts'];

/** Bounds of each score that hold for any handler. */
function createBounds() {
  const purchases = new Map<unknown, number>();
  /** Products whose rows had a user in a role, by role and user. */
  const held = new Map<string, Set<unknown>>();
  let scores: Row[] = [];
  const mostOf = (role: unknown, userId: unknown): number => {
    let most = 0;
    for (const productId of held.get(`${String(role)} ${String(userId)}`) ?? []) {
      most += purchases.get(productId) ?? 0;
    }
    return most;
  };
  return {
    wrote(table: string, before: Row | undefined, after: Row | undefined): void {
      if (after === undefined) return;
      if (table === 'Scores') scores.push(after);
      if (table === 'Events' && before === undefined) {
        purchases.set(after['productId'], (purchases.get(after['productId']) ?? 0) + 1);
      }
      if (table !== 'Contributions') return;
      for (const role of ROLES) {
        if (after[role] === undefined) continue;
        const key = `${role} ${String(after[role])}`;
        held.set(key, (held.get(key) ?? new Set()).add(after['productId']));
      }
    },
    broken(): BrokenInvariant | undefined {
      const written = scores;
      scores = [];
      for (const { role, userId, score } of written) {
        const most = mostOf(role, userId);
        if (Number(score) >= 0 && Number(score) <= most) continue;
        return {
          invariant: 'scores-within-purchases',
          message: `the score of ${String(role)} ${String(userId)} is ${String(score)}, and the purchases stored for it are ${most}`,
        };
      }
      return undefined;
    },
  };
}

function changedPurchase(
  before: Row | undefined,
  after: Row | undefined,
): BrokenInvariant | undefined {
  if (before === undefined) return undefined;
  const invariant = 'purchases-never-change';
  const purchase = `the row of purchase ${String(before['eventId'])} of product ${String(before['productId'])}`;
  if (after === undefined) return { invariant, message: `${purchase} was deleted` };
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  for (const name of names) {
    // Bookkeeping may differ, and only texts belong to a purchase.
    if (name.startsWith('_') || before[name] === after[name]) continue;
    if (typeof before[name] === 'object' && typeof after[name] === 'object') continue;
    return { invariant, message: `${purchase} changed in ${name}` };
  }
  return undefined;
}

function laterContributor(
  before: Row | undefined,
  after: Row | undefined,
): BrokenInvariant | undefined {
  for (const role of ROLES) {
    const [was, is] = [before?.[`${role}EventId`], after?.[`${role}EventId`]];
    if (typeof was !== 'string' || (typeof is === 'string' && is <= was)) continue;
    return {
      invariant: 'contributors-never-move-later',
      message: `the ${role} of product ${String(before?.['productId'])} went from event ${was} to ${String(is)}`,
    };
  }
  return undefined;
}
