/** What the operations of one simulated database share. */
import type { ReturnConsumedCapacity } from '@aws-sdk/client-dynamodb';
import { type Charge, indexUnitsOf } from './capacity.ts';
import { tableNotFound, validation } from './errors.ts';
import type { IndexState, Table } from './table.ts';
import type { Item } from './value.ts';

/** Sizes in bytes. Small histories reach small limits; the defaults are AWS's. */
export interface Limits {
  readonly itemBytesMax: number;
  /** What a Query or Scan looks at before it answers with a LastEvaluatedKey. */
  readonly pageBytesMax: number;
  readonly transactionActionsMax: number;
  readonly transactionBytesMax: number;
  readonly batchGetKeysMax: number;
  readonly batchGetBytesMax: number;
  readonly batchWriteItemsMax: number;
  readonly batchWriteBytesMax: number;
  /** How long after its end a transaction is remembered by its token. */
  readonly tokenMs: number;
}

/** An eventually consistent read, about which the caller says how much it lags. */
export interface EventualRead {
  readonly operation: 'GetItem' | 'BatchGetItem' | 'Query' | 'Scan';
  readonly tableName: string;
  /** Index reads are always eventually consistent. */
  readonly indexName: string | undefined;
}

/** What a request took from one table, also where its answer doesn't say so. */
export interface Consumption {
  readonly operation: string;
  readonly tableName: string;
  readonly readUnits: number;
  /** Of the table and of its indexes together. */
  readonly writeUnits: number;
  readonly indexWriteUnits: number;
  /** Whether the request failed: a condition that didn't hold, a cancelled transaction. */
  readonly refused: boolean;
}

export interface State {
  readonly tables: Map<string, Table>;
  readonly now: () => number;
  readonly limits: Limits;
  readonly staleness: ((read: EventualRead) => number) | undefined;
  readonly stalenessMsMax: number;
  readonly onConsumed: ((consumption: Consumption) => void) | undefined;
  readonly onWritten:
    | ((tableName: string, before: Item | undefined, after: Item | undefined) => void)
    | undefined;
  readonly tokens: Map<string, CompletedTransaction>;
}

export interface CompletedTransaction {
  readonly fingerprint: string;
  readonly completedMs: number;
}

/** The parameters that the operations on one table share. */
export interface TableInput {
  readonly TableName?: string | undefined;
  readonly ReturnConsumedCapacity?: ReturnConsumedCapacity | undefined;
}

const TABLE_NAME = /^[a-zA-Z0-9_.-]+$/;

/** @throws ValidationException, ResourceNotFoundException */
export function tableOf(state: State, name: string | undefined): Table {
  const table = name === undefined ? undefined : state.tables.get(name);
  if (table) return table;
  if (name === undefined) {
    throw validation(
      "1 validation error detected: Value null at 'tableName' failed to satisfy constraint: Member must not be null",
    );
  }
  if (!TABLE_NAME.test(name)) {
    throw validation(
      name === ''
        ? "1 validation error detected: Value '' at 'tableName' failed to satisfy constraint: Member must have length greater than or equal to 1"
        : `1 validation error detected: Value '${name}' at 'tableName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+`,
    );
  }
  throw tableNotFound();
}

/** @throws ValidationException */
export function indexOf(table: Table, name: string): IndexState {
  const index = table.indexes.find((candidate) => candidate.schema.name === name);
  if (!index) throw validation(`The table does not have the specified index: ${name}`);
  return index;
}

/** Legacy parameters are refused rather than half understood. @throws Error */
export function refuse(input: object, names: readonly string[]): void {
  for (const name of names) {
    if ((input as Record<string, unknown>)[name] !== undefined) {
      throw validation(`The simulated DynamoDB does not support the legacy parameter ${name}`);
    }
  }
}

/** Tells the caller what was consumed. */
export function report(
  state: State,
  operation: string,
  charge: Charge,
  kind: 'read' | 'write',
  refused = false,
): void {
  if (!state.onConsumed) return;
  const indexUnits = indexUnitsOf(charge);
  const isWrite = kind === 'write';
  state.onConsumed({
    operation,
    tableName: charge.schema.name,
    readUnits: isWrite ? 0 : charge.tableUnits + indexUnits,
    writeUnits: isWrite ? charge.tableUnits + indexUnits : 0,
    indexWriteUnits: isWrite ? indexUnits : 0,
    refused,
  });
}
