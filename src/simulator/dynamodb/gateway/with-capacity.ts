/** Asks DynamoDB for the capacity that each request consumes. */
import type { Capacity } from '../../model/history.ts';
import { isObject, type Json, type JsonObject } from './json.ts';
import { DATA_OPERATIONS, isWrite } from './operations.ts';
import type { Forward, GatewayResponse } from './request.ts';

/** Removes the capacity from responses whose callers didn't ask for it. */
export function withCapacity(forward: Forward): Forward {
  return async (operation, input) => {
    const isAdded = mustAsk(operation, input);
    const asking = isAdded ? { ...input, ReturnConsumedCapacity: 'INDEXES' } : input;
    const response = await forward(operation, asking);
    const capacity = consumedCapacity(operation, response.body);
    const measured: GatewayResponse = { ...response, capacity };
    if (!isAdded) return measured;
    const { ConsumedCapacity: _, ...body } = response.body;
    return { ...measured, body };
  };
}

/** Other operations reject the parameter. */
const REPORTING: ReadonlySet<string> = new Set([
  ...DATA_OPERATIONS,
  'ExecuteStatement',
  'BatchExecuteStatement',
  'ExecuteTransaction',
]);

function mustAsk(operation: string, input: JsonObject): boolean {
  const asked: Json | undefined = input['ReturnConsumedCapacity'];
  return REPORTING.has(operation) && (asked === undefined || asked === null || asked === 'NONE');
}

/** The reported units, indexes included; zero if nothing is reported. */
function consumedCapacity(operation: string, body: JsonObject): Capacity {
  const reported = body['ConsumedCapacity'];
  const entries: readonly Json[] = Array.isArray(reported) ? reported : [reported ?? null];
  let readUnits = 0;
  let writeUnits = 0;
  for (const entry of entries) {
    if (!isObject(entry)) continue;
    const read = entry['ReadCapacityUnits'];
    const write = entry['WriteCapacityUnits'];
    const total = Number(entry['CapacityUnits'] ?? 0);
    if (typeof read === 'number' || typeof write === 'number') {
      // A transaction; one that repeats its token consumes reads.
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
