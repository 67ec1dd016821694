/** How commits, recount pages and score transfers change rows, as update expressions. */

import type { Commit } from '../domain/commit.ts';
import { ROLES } from '../domain/contributor.ts';
import type { ScoreChange, ScoreTransfer } from '../domain/score-transfer.ts';
import type { RecountPage } from '../view-store.ts';
import { debtItem, PRODUCT, pendingItem, recountItem } from './items.ts';
import { createUpdate, type RowUpdate } from './update-expression.ts';

export function commitUpdate(commit: Commit): RowUpdate {
  const { productId, revision, turn, purchases, salesAdded, switches } = commit;
  const next = revision + 1;
  const update = createUpdate({ productId: { S: productId } });
  update.set(PRODUCT.revision, { N: String(next) });
  update.set(PRODUCT.pending, pendingItem(next, purchases));
  for (const role of ROLES) {
    const names = PRODUCT[role];
    if (salesAdded[role] > 0) update.add(names.sales, salesAdded[role]);
    const change = switches[role];
    if (change === undefined) continue;
    update.set(names.holder, { S: change.holder.origin });
    update.set(names.eventId, { S: change.holder.eventId });
    update.set(names.transferred, { N: '0' });
    if (change.recount) update.set(names.recount, recountItem(change.recount));
  }
  const debts = ROLES.flatMap((role) => switches[role]?.debt ?? []);
  if (debts.length > 0) update.append(PRODUCT.debts, debts.map(debtItem));
  if (turn !== undefined) update.set(PRODUCT.turn, { N: String(turn + 1) });
  if (turn !== undefined) update.requireNumber(PRODUCT.turn, turn);
  update.requireNumber(PRODUCT.revision, revision);
  return update.build();
}

export function transferUpdate(transfer: ScoreTransfer): RowUpdate {
  const { productId, turn, transferred, written } = transfer;
  const update = createUpdate({ productId: { S: productId } });
  if (turn !== undefined) {
    update.set(PRODUCT.turn, { N: String(turn + 1) });
    for (const role of ROLES)
      update.set(PRODUCT[role].transferred, { N: String(transferred[role]) });
    update.remove(PRODUCT.debts);
    update.requireNumber(PRODUCT.turn, turn);
  }
  if (written !== undefined) update.remove(PRODUCT.pending, String(written));
  return update.build();
}

/** Conditioned on the recount's marker, which each page moves or removes. */
export function pageUpdate({ recount, counted, last }: RecountPage): RowUpdate {
  const names = PRODUCT[recount.role];
  return {
    Key: { productId: { S: recount.productId } },
    ConditionExpression: '#recount = :seen',
    UpdateExpression: `ADD #sales :counted ${
      last === undefined ? 'REMOVE #recount' : 'SET #recount.#after = :last'
    }`,
    ExpressionAttributeNames: {
      '#recount': names.recount,
      '#sales': names.sales,
      ...(last === undefined ? {} : { '#after': 'after' }),
    },
    ExpressionAttributeValues: {
      ':seen': recountItem(recount),
      ':counted': { N: String(counted) },
      ...(last === undefined ? {} : { ':last': { S: last } }),
    },
  };
}

/** Unconditional: its transaction is conditioned on the products' turns. */
export function scoreUpdate({ userId, role, change }: ScoreChange): RowUpdate {
  return {
    Key: { userId: { S: userId }, role: { S: role } },
    UpdateExpression: 'ADD #score :change',
    ExpressionAttributeNames: { '#score': 'score' },
    ExpressionAttributeValues: { ':change': { N: String(change) } },
  };
}
