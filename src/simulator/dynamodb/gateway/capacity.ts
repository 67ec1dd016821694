/** Read and write units: what an answer reports, and what AWS charges without reporting it. Pure. */
import type { Capacity } from '../../model/history.ts';
import type { Forward, GatewayReply } from './gateway.ts';
import {
  type Action,
  DATA_OPERATIONS,
  isPlainWrite,
  isRecord,
  isWrite,
  itemBytes,
  type Json,
  type JsonObject,
  recordOf,
  valueBytes,
} from './wire.ts';

/** Asks with each request what it consumes, and takes that out of answers whose callers didn't ask. */
export function withCapacity(forward: Forward): Forward {
  return async (operation, input) => {
    const isAddition = !isAskingForCapacity(operation, input);
    const asking = isAddition ? { ...input, ReturnConsumedCapacity: 'INDEXES' } : input;
    const reply = await forward(operation, asking);
    const measured: GatewayReply = { ...reply, capacity: consumedCapacity(operation, reply.body) };
    if (!isAddition) return measured;
    const { ConsumedCapacity: _, ...body } = reply.body;
    return { ...measured, body };
  };
}

/** The operations that can report what they consumed; others refuse to be asked. */
const REPORTING: ReadonlySet<string> = new Set([
  ...DATA_OPERATIONS,
  'ExecuteStatement',
  'BatchExecuteStatement',
  'ExecuteTransaction',
]);

/** Also true of what can't be asked: nothing is to be added to or taken away from it. */
function isAskingForCapacity(operation: string, input: JsonObject): boolean {
  const asked: Json | undefined = input['ReturnConsumedCapacity'];
  return !REPORTING.has(operation) || (asked !== undefined && asked !== null && asked !== 'NONE');
}

/** The units that an answer reports, indexes included; zero where it reports none. */
function consumedCapacity(operation: string, body: JsonObject): Capacity {
  const reported = body['ConsumedCapacity'];
  const entries: readonly Json[] = Array.isArray(reported) ? reported : [reported ?? null];
  let readUnits = 0;
  let writeUnits = 0;
  for (const entry of entries) {
    if (!isRecord(entry)) continue;
    const read = entry['ReadCapacityUnits'];
    const write = entry['WriteCapacityUnits'];
    const total = Number(entry['CapacityUnits'] ?? 0);
    if (typeof read === 'number' || typeof write === 'number') {
      // Of a transaction; one that is repeated with its token costs reads.
      readUnits += Number(read ?? 0);
      writeUnits += Number(write ?? 0);
    } else if (isWrite(operation)) {
      writeUnits += total;
    } else {
      readUnits += total;
    }
  }
  return { readUnits, writeUnits };
}

/**
 * What AWS charges for a write that was refused; its answer then carries no consumed capacity, here
 * as there, so that nothing is counted twice.
 *
 * - A cancelled transaction: every action at its full price of two units per KB, a condition check
 *   too, whichever action it was that failed, and why.
 * - A failed condition of a plain write: one unit per KB, at least one.
 *
 * AWS goes by the larger of the item's size before and after. The request shows the size after of a
 * put alone; of an update it shows the key and the values, of a delete or condition check the key,
 * which is then taken. An item of at most 1 KB is priced right in any case; one that is larger may
 * be priced too low, never too high.
 */
export function unreportedWriteUnits(
  operation: string,
  actions: readonly Action[],
  outcome: string,
): number {
  if (operation === 'TransactWriteItems' && outcome === 'TransactionCanceledException') {
    return actions.reduce((units, action) => units + 2 * unitsOf(action), 0);
  }
  if (isPlainWrite(operation) && outcome === 'ConditionalCheckFailedException') {
    return actions.reduce((units, action) => units + unitsOf(action), 0);
  }
  return 0;
}

function unitsOf({ body }: Action): number {
  const known = { ...recordOf(body['Key']), ...recordOf(body['Item']) };
  let bytes = itemBytes(known);
  if (body['UpdateExpression'] !== undefined) {
    for (const value of Object.values(recordOf(body['ExpressionAttributeValues']))) {
      bytes += valueBytes(recordOf(value));
    }
  }
  return Math.max(1, Math.ceil(bytes / 1024));
}
