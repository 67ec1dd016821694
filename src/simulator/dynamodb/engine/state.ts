/** The state of a simulated database, shared by its operations. */
import type { ReturnConsumedCapacity } from '@aws-sdk/client-dynamodb';
import type { Consumption } from './consumption.ts';
import { tableNotFound, validation } from './errors.ts';
import type { Limits } from './limits.ts';
import type { IndexState, Table } from './table.ts';
import type { Item } from './value.ts';

/** An eventually consistent read, for which the caller sets the lag. */
export interface EventualRead {
  readonly operation: 'GetItem' | 'BatchGetItem' | 'Query' | 'Scan';
  readonly tableName: string;
  /** Index reads are always eventually consistent. */
  readonly indexName: string | undefined;
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

/** Parameters that operations on one table share. */
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

/** The past time that an eventually consistent read sees; undefined: it is fresh. */
export function staleAsOfMs(state: State, read: EventualRead): number | undefined {
  const lagMs = state.staleness?.(read) ?? 0;
  return lagMs <= 0 ? undefined : state.now() - Math.min(lagMs, state.stalenessMsMax);
}
