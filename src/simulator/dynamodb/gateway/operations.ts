/** DynamoDB's operations by what they do. */

/** Operations on items. All of them can report the capacity they consumed; others manage tables. */
export const DATA_OPERATIONS: ReadonlySet<string> = new Set([
  'GetItem',
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'Query',
  'Scan',
  'BatchGetItem',
  'BatchWriteItem',
  'TransactGetItems',
  'TransactWriteItems',
]);

const SINGLE_WRITES: ReadonlySet<string> = new Set(['PutItem', 'UpdateItem', 'DeleteItem']);

/** A write of one item, outside a batch or transaction. */
export function isSingleWrite(operation: string): boolean {
  return SINGLE_WRITES.has(operation);
}

export function isWrite(operation: string): boolean {
  return (
    SINGLE_WRITES.has(operation) ||
    operation === 'BatchWriteItem' ||
    operation === 'TransactWriteItems'
  );
}
