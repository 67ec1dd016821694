/**
 * A simulated DynamoDB in one process, without sockets, a clock or randomness of its own. Its
 * results, errors and consumed capacity are those of the local servers
 * (docs/internals/dynamodb-fidelity.md lists the exceptions). Each request is atomic and takes no
 * time; its caller adds delays, faults and order.
 */
import { NotSimulated } from '../../model/not-simulated.ts';
import type { Consumption } from './consumption.ts';
import { LIMITS, type Limits } from './limits.ts';
import { batchGetItem } from './operations/batch-get-item.ts';
import { batchWriteItem } from './operations/batch-write-item.ts';
import { getItem } from './operations/get-item.ts';
import { query, scan } from './operations/query.ts';
import {
  addTable,
  createTableOperation,
  deleteTable,
  describeTable,
  listTables,
} from './operations/table-operations.ts';
import { transactGetItems } from './operations/transact-get-items.ts';
import { transactWriteItems } from './operations/transact-write-items.ts';
import { writeItem } from './operations/write-item.ts';
import { readRowByText, rowsOf } from './rows.ts';
import type { TableDefinition } from './schema.ts';
import { type EventualRead, type State, tableOf } from './state.ts';
import type { Table } from './table.ts';
import { createToPlain, type PlainItem, plainMap, type ToPlain } from './to-plain.ts';

export interface SimulatedDynamoDBOptions {
  /** As for CreateTable. Schemas are cached by definition object. */
  readonly tables: readonly TableDefinition[];
  /** Milliseconds; must not go back. Used for transaction tokens and stale reads only. */
  readonly now: () => number;
  readonly limits?: Partial<Limits>;
  /**
   * The lag of an eventually consistent read in milliseconds (0: fresh), called for each such read
   * of a table or index. Without it, all reads are fresh and no old versions are kept.
   */
  readonly staleness?: (read: EventualRead) => number;
  /** The maximum lag, in milliseconds. */
  readonly stalenessMsMax?: number;
  /** Called with what each request consumed of each table, rejected requests included. */
  readonly onConsumed?: (consumption: Consumption) => void;
  /**
   * Called for each item written, with its states before and after; an operation may write several.
   * The items are the database's own; `toPlain` converts them.
   */
  readonly onWritten?: NonNullable<State['onWritten']>;
}

export interface SimulatedDynamoDB {
  /**
   * Executes an operation ("PutItem", ...) synchronously and atomically. Input and output are the
   * SDK's (`AttributeValue` objects, binary as Uint8Array), always copied; the output has no
   * `$metadata`.
   * @throws the SDK's exceptions with AWS's names and messages; NotSimulated
   */
  execute(operation: string, input: object): object;
  /** The current row with this key, without consuming capacity. */
  readRow(table: string, key: readonly string[]): PlainItem | undefined;
  /** All current rows, without consuming capacity. @throws ResourceNotFoundException */
  readRows(table: string): Iterable<PlainItem>;
  readonly toPlain: ToPlain;
}

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
  const toPlain = createToPlain();
  return {
    toPlain,
    execute(operation, input) {
      const run = OPERATIONS.get(operation);
      if (!run) throw new NotSimulated(`the operation ${operation} of DynamoDB`);
      return run(state, input);
    },
    readRow(name, [hash = '', range]) {
      const table = state.tables.get(name);
      const row = table && readRowByText(table, hash, range);
      return row && toPlain(row.item);
    },
    readRows: (name) => plainRows(tableOf(state, name)),
  };
}

function* plainRows(table: Table): Iterable<PlainItem> {
  for (const row of rowsOf(table)) yield plainMap(row.item);
}

type Run = (state: State, input: object) => object;

const OPERATIONS = new Map<string, Run>([
  ['GetItem', getItem],
  ['PutItem', (state, input) => writeItem(state, 'Put', input)],
  ['UpdateItem', (state, input) => writeItem(state, 'Update', input)],
  ['DeleteItem', (state, input) => writeItem(state, 'Delete', input)],
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
