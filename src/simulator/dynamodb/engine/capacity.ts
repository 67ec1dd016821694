/** Consumed capacity by AWS's rules: what a request costs, and how its response reports it. */
import type { Capacity, ConsumedCapacity } from '@aws-sdk/client-dynamodb';
import type { TableSchema } from './schema.ts';

const READ_UNIT_BYTES = 4096;
const WRITE_UNIT_BYTES = 1024;

/** A transaction is charged for its prepare and its commit; index writes are charged once. */
export const TRANSACTION_FACTOR = 2;

export type CapacityMode = 'INDEXES' | 'TOTAL' | 'NONE' | undefined;

export function readUnits(bytes: number, consistent: boolean): number {
  const units = Math.max(1, Math.ceil(bytes / READ_UNIT_BYTES));
  return consistent ? units : units / 2;
}

export function writeUnits(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / WRITE_UNIT_BYTES));
}

/** What a request consumed of one table: read units or write units. */
export interface Charge {
  readonly schema: TableSchema;
  tableUnits: number;
  /** By the table's indexes, in order; undefined where nothing was charged. */
  indexUnits: (number | undefined)[] | undefined;
}

export function newCharge(schema: TableSchema, tableUnits = 0): Charge {
  return { schema, tableUnits, indexUnits: undefined };
}

/** The charge of a table in a request on several tables. */
export function chargeOf(charges: Map<TableSchema, Charge>, schema: TableSchema): Charge {
  let charge = charges.get(schema);
  if (!charge) {
    charge = newCharge(schema);
    charges.set(schema, charge);
  }
  return charge;
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

/** The capacity as the response reports it; `also` names the second figure of a transaction. */
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
