import type { Action } from './actions.ts';
import { itemBytes, valueBytes } from './item-size.ts';
import { objectOf } from './json.ts';
import { isSingleWrite } from './operations.ts';

/**
 * The write units that AWS charges for a rejected write. Its response reports no consumed capacity,
 * so nothing is counted twice.
 *
 * - A cancelled transaction: two units per KB for every action, condition checks included,
 *   whichever action failed.
 * - A failed condition of a single write: one unit per KB, at least one.
 *
 * AWS charges by the larger of the item's sizes before and after. The request shows the size after
 * a put only; for an update it shows the key and the values, for a delete or condition check the
 * key. So an item of at most 1 KB is priced exactly, and a larger one possibly too low, never too
 * high.
 */
export function unreportedWriteUnits(
  operation: string,
  actions: readonly Action[],
  outcome: string,
): number {
  if (operation === 'TransactWriteItems' && outcome === 'TransactionCanceledException') {
    return actions.reduce((units, action) => units + 2 * unitsOf(action), 0);
  }
  if (isSingleWrite(operation) && outcome === 'ConditionalCheckFailedException') {
    return actions.reduce((units, action) => units + unitsOf(action), 0);
  }
  return 0;
}

function unitsOf({ body }: Action): number {
  let bytes = itemBytes({ ...objectOf(body['Key']), ...objectOf(body['Item']) });
  if (body['UpdateExpression'] !== undefined) {
    for (const value of Object.values(objectOf(body['ExpressionAttributeValues']))) {
      bytes += valueBytes(objectOf(value));
    }
  }
  return Math.max(1, Math.ceil(bytes / 1024));
}
