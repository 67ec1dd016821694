/**
 * A simulated DynamoDB in one process: no sockets, no real time, no chance of its own. A verified
 * fake: its answers, errors and consumed capacity are those of the local servers (see
 * docs/internals/dynamodb-fidelity.md for where they can't be). Each request is atomic and takes no time;
 * what delays, faults and order there are, its caller puts around it.
 */
import { unsupported } from './errors.ts';
import { batchWriteItem } from './operations/batch-write.ts';
import { batchGetItem, getItem, transactGetItems } from './operations/get.ts';
import { query, scan } from './operations/query.ts';
import {
  addTable,
  createTableOperation,
  deleteTable,
  describeTable,
  listTables,
} from './operations/tables.ts';
import { transactWriteItems } from './operations/transact-write.ts';
import { write } from './operations/write.ts';
import type { TableDefinition } from './schema.ts';
import { type Consumption, type EventualRead, type Limits, type State, tableOf } from './state.ts';
import { findRowByText, rowsOf, type Table } from './table.ts';
import { createPlainReader, type PlainItem, type PlainReader, plainMap } from './to-plain.ts';

export type { TableDefinition } from './schema.ts';
export type { Consumption, EventualRead, Limits } from './state.ts';

export interface SimulatedDynamoDBOptions {
  /** As for CreateTable. The same object again costs next to nothing. */
  readonly tables: readonly TableDefinition[];
  /** Milliseconds; must not go back. Read for transaction tokens and lagging reads only. */
  readonly now: () => number;
  readonly limits?: Partial<Limits>;
  /**
   * How many milliseconds an eventually consistent read lags (0: fresh). Asked for each such read
   * of a table or an index; without it, old versions aren't kept and all reads are fresh.
   */
  readonly staleness?: (read: EventualRead) => number;
  /** How far a read may lag at most, in milliseconds. */
  readonly stalenessMsMax?: number;
  /** Told what each request took from each table, refused ones included. */
  readonly onConsumed?: (consumption: Consumption) => void;
  /**
   * Told of each item that is written, with what it was before; one operation may write several. They
   * are the database's own: `plain` reads one.
   */
  readonly onWritten?: NonNullable<State['onWritten']>;
}

export interface SimulatedDynamoDB {
  /**
   * Runs one operation ("PutItem", ...), synchronously and atomically. Input and output are the
   * SDK's (`AttributeValue` objects; binary as Uint8Array), copied, never shared; the output is
   * without `$metadata`.
   * @throws the SDK's exceptions, by AWS's names and messages
   */
  execute(operation: string, input: object): object;
  /** For whoever looks on, at no cost: the row with this key (as `plain` has it), as of now. */
  peek(table: string, key: readonly string[]): PlainItem | undefined;
  /** An item of its own as plain JavaScript. */
  readonly plain: PlainReader;
  /** All rows as of now, likewise. @throws ResourceNotFoundException */
  rows(table: string): Iterable<PlainItem>;
}

export const LIMITS: Limits = {
  itemBytesMax: 400 * 1024,
  pageBytesMax: 1024 * 1024,
  transactionActionsMax: 100,
  transactionBytesMax: 4 * 1024 * 1024,
  batchGetKeysMax: 100,
  batchGetBytesMax: 16 * 1024 * 1024,
  batchWriteItemsMax: 25,
  batchWriteBytesMax: 16 * 1024 * 1024,
  tokenMs: 10 * 60 * 1000,
};

const STALENESS_MS_MAX = 10_000;

export function createSimulatedDynamoDB(options: SimulatedDynamoDBOptions): SimulatedDynamoDB {
  const state: State = {
    tables: new Map(),
    now: options.now,
    limits: { ...LIMITS, ...options.limits },
    staleness: options.staleness,
    stalenessMsMax: options.stalenessMsMax ?? STALENESS_MS_MAX,
    onConsumed: options.onConsumed,
    onWritten: options.onWritten,
    tokens: new Map(),
  };
  for (const definition of options.tables) addTable(state, definition);
  const plain = createPlainReader();
  return {
    plain,
    execute(operation, input) {
      const run = OPERATIONS.get(operation);
      if (!run) throw unsupported(operation);
      return run(state, input);
    },
    peek(name, [hash = '', range]) {
      const table = state.tables.get(name);
      const row = table && findRowByText(table, hash, range);
      return row && plain(row.item);
    },
    rows: (name) => plainRows(tableOf(state, name)),
  };
}

function* plainRows(table: Table): Iterable<PlainItem> {
  for (const row of rowsOf(table)) yield plainMap(row.item);
}

type Run = (state: State, input: object) => object;

const OPERATIONS = new Map<string, Run>([
  ['GetItem', getItem],
  ['PutItem', (state, input) => write(state, 'Put', input)],
  ['UpdateItem', (state, input) => write(state, 'Update', input)],
  ['DeleteItem', (state, input) => write(state, 'Delete', input)],
  ['Query', query],
  ['Scan', scan],
  ['BatchGetItem', batchGetItem],
  ['BatchWriteItem', batchWriteItem],
  ['TransactGetItems', transactGetItems],
  ['TransactWriteItems', transactWriteItems],
  ['CreateTable', createTableOperation],
  ['DeleteTable', deleteTable],
  ['DescribeTable', describeTable],
  ['ListTables', listTables],
]);
