/**
 * What must hold at every moment of a run of the winner game, not only at its end. The scores are held
 * against what the products' rows say is settled, so they are never further from the purchases than
 * what is unsettled; that part reads the shipped handler's bookkeeping (`_...Settled`, `_debts`).
 */
import type { Row, Watcher } from '../workload.ts';
import type { WinnerEvent } from './event.ts';

const ROLES = ['creator', 'photographer'] as const;

export function watch(): Watcher<WinnerEvent> {
  /** By role and user: what Scores says, less what the products' rows say that it must say. */
  const excess = new Map<string, number>();
  const touched = new Set<string>();
  const add = (role: string, userId: unknown, amount: unknown): void => {
    if (userId === undefined || !amount) return;
    const key = `${role} ${String(userId)}`;
    excess.set(key, (excess.get(key) ?? 0) + Number(amount));
    touched.add(key);
  };
  const addSettled = (row: Row | undefined, sign: number): void => {
    if (row === undefined) return;
    for (const role of ROLES) add(role, row[role], -sign * Number(row[`_${role}Settled`] ?? 0));
    for (const debt of (row['_debts'] ?? []) as Row[]) {
      add(String(debt['role']), debt['userId'], -sign * Number(debt['score']));
    }
  };

  return {
    wrote(table, before, after) {
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
      let wrong: string | undefined;
      for (const key of touched) {
        const amount = excess.get(key) ?? 0;
        if (amount === 0) excess.delete(key);
        else wrong ??= `the score of ${key} is ${amount} off what the products say is settled`;
      }
      touched.clear();
      return wrong;
    },

    checkpointed(event, find) {
      const { productId, eventId, origin } = event;
      if (event.kind === 'purchase') {
        if (find('Events', [productId, eventId]) !== undefined) return undefined;
        return `the purchase ${eventId} of product ${productId} was acknowledged, and has no row`;
      }
      const role = event.kind === 'creation' ? 'creator' : 'photographer';
      const row = find('Contributions', [productId]);
      const since = row?.[`${role}EventId`];
      if (typeof since === 'string' && (since < eventId || since === eventId)) return undefined;
      return `${origin} was acknowledged as ${role} of product ${productId} since ${eventId}, and the row has ${String(since)}`;
    },
  };
}

function changedPurchase(before: Row | undefined, after: Row | undefined): string | undefined {
  if (before === undefined) return undefined;
  const names = new Set([...Object.keys(before), ...Object.keys(after ?? {})]);
  for (const name of names) {
    if (before[name] === after?.[name]) continue;
    const { productId, eventId } = before;
    return `the row of purchase ${String(eventId)} of product ${String(productId)} changed in ${name}`;
  }
  return undefined;
}

function laterContributor(before: Row | undefined, after: Row | undefined): string | undefined {
  for (const role of ROLES) {
    const [was, is] = [before?.[`${role}EventId`], after?.[`${role}EventId`]];
    if (typeof was !== 'string' || (typeof is === 'string' && is <= was)) continue;
    return `the ${role} of product ${String(before?.['productId'])} went from event ${was} to ${String(is)}`;
  }
  return undefined;
}
