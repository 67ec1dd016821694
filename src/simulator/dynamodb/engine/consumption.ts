/** Reports consumed capacity to the owner of the database, whether or not the response does. */
import { type Charge, indexUnitsOf } from './capacity.ts';

/** What a request consumed of one table. */
export interface Consumption {
  readonly operation: string;
  readonly tableName: string;
  readonly readUnits: number;
  /** Of the table and its indexes. */
  readonly writeUnits: number;
  readonly indexWriteUnits: number;
  /** The request failed: a condition did not hold, or a transaction was cancelled. */
  readonly refused: boolean;
}

export interface ConsumptionListener {
  readonly onConsumed: ((consumption: Consumption) => void) | undefined;
}

export function reportConsumption(
  { onConsumed }: ConsumptionListener,
  operation: string,
  charge: Charge,
  kind: 'read' | 'write',
  refused = false,
): void {
  if (!onConsumed) return;
  const indexUnits = indexUnitsOf(charge);
  const isWrite = kind === 'write';
  onConsumed({
    operation,
    tableName: charge.schema.name,
    readUnits: isWrite ? 0 : charge.tableUnits + indexUnits,
    writeUnits: isWrite ? charge.tableUnits + indexUnits : 0,
    indexWriteUnits: isWrite ? indexUnits : 0,
    refused,
  });
}
