/** Consumed capacity by AWS's rules: what each request costs, and how the answer says it. */
import type { Capacity, ConsumedCapacity } from '@aws-sdk/client-dynamodb';
import type { TableSchema } from './schema.ts';

const READ_UNIT_BYTES = 4096;
const WRITE_UNIT_BYTES = 1024;

/** A transaction prepares and commits: both are charged. Index writes are charged once. */
export const TRANSACTION_FACTOR = 2;

export type CapacityMode = 'INDEXES' | 'TOTAL' | 'NONE' | undefined;

export function readUnits(bytes: number, consistent: boolean): number {
  const units = Math.max(1, Math.ceil(bytes / READ_UNIT_BYTES));
  return consistent ? units : units / 2;
}

export function writeUnits(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / WRITE_UNIT_BYTES));
}

/** What a request, or part of one, took from one table. Units are read or write units, not both. */
export interface Charge {
  readonly schema: TableSchema;
  tableUnits: number;
  /** In the order of the table's indexes; undefined where nothing was charged. */
  indexUnits: (number | undefined)[] | undefined;
}

export function addIndexUnits(charge: Charge, units: (number | undefined)[] | undefined): void {
  if (!units) return;
  const sum = charge.indexUnits ?? units.map(() => undefined);
  for (let index = 0; index < units.length; index++) {
    const more = units[index];
    if (more !== undefined) sum[index] = (sum[index] ?? 0) + more;
  }
  charge.indexUnits = sum;
}

export function indexUnitsOf(charge: Charge): number {
  let sum = 0;
  if (charge.indexUnits) for (const units of charge.indexUnits) sum += units ?? 0;
  return sum;
}

/** As in the answer; `also` names the second figure that transactions report. */
export function consumed(
  mode: CapacityMode,
  charge: Charge,
  also?: 'ReadCapacityUnits' | 'WriteCapacityUnits',
): ConsumedCapacity {
  const total = charge.tableUnits + indexUnitsOf(charge);
  const result: ConsumedCapacity = { TableName: charge.schema.name, ...capacity(total, also) };
  if (mode !== 'INDEXES') return result;
  result.Table = capacity(charge.tableUnits, also);
  const indexes: Record<string, Capacity> = {};
  let some = false;
  charge.indexUnits?.forEach((units, position) => {
    const index = charge.schema.indexes[position];
    if (units === undefined || !index) return;
    indexes[index.name] = capacity(units, also);
    some = true;
  });
  if (some) result.GlobalSecondaryIndexes = indexes;
  return result;
}

export function wantsCapacity(mode: CapacityMode): boolean {
  return mode === 'TOTAL' || mode === 'INDEXES';
}

function capacity(units: number, also: 'ReadCapacityUnits' | 'WriteCapacityUnits' | undefined) {
  return also ? { CapacityUnits: units, [also]: units } : { CapacityUnits: units };
}
