/** A run's rows in shared tables: recognized by their marks, read and removed. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { readTable } from '../dynamodb/client/read.ts';
import { deleteRows } from '../dynamodb/client/write.ts';
import { SimulatorError } from '../model/errors.ts';
import type { Row, SharedTables, TableDefinition } from '../model/workload.ts';

/** Prefix of the rows of any run. */
const ANY_RUN = 'simulate:';

/** Prefixes of the rows of one run, and of its sentinels, which are not events. */
export function marksOf(prefix: string): { readonly rows: string; readonly sentinels: string } {
  return { rows: `${ANY_RUN}${prefix}:`, sentinels: `${ANY_RUN}${prefix}/` };
}

export interface OwnRowsParts {
  readonly client: DynamoDBClient;
  readonly tables: readonly TableDefinition[];
  /** The real name of a workload's table. */
  tableName(name: string): string;
  readonly markOf: SharedTables<never>['markOf'];
  readonly prefix: string;
  pause(ms: number): Promise<void>;
}

export function createOwnRows(parts: OwnRowsParts) {
  const { client, tables, tableName, markOf, prefix, pause } = parts;
  const marks = marksOf(prefix);
  const isOwn = (table: string, row: Row): boolean => {
    const mark = markOf(table, row);
    return mark.startsWith(marks.rows) || mark.startsWith(marks.sentinels);
  };

  return {
    /** Throws a `SimulatorError` at rows that no run made, and at those of an earlier run of this prefix. */
    async refuseOthers(): Promise<void> {
      for (const { name } of tables) {
        for await (const row of readTable(client, tableName(name))) {
          if (!markOf(name, row).startsWith(ANY_RUN)) {
            throw new SimulatorError(
              'usage',
              `the table ${tableName(name)} holds rows that no simulation made, and a run would mix made-up sales ` +
                'with them: deploy a stage for simulations (npx serverless deploy --stage sim) and name that',
            );
          }
          if (isOwn(name, row)) {
            throw new SimulatorError(
              'usage',
              `the table ${tableName(name)} holds rows of an earlier run with --prefix ${prefix}: ` +
                'add --clean to remove them first, or give another --prefix',
            );
          }
        }
      }
    },

    async *scan(table: string): AsyncGenerator<Row> {
      for await (const row of readTable(client, tableName(table))) {
        if (markOf(table, row).startsWith(marks.rows)) yield row;
      }
    },

    async remove(): Promise<void> {
      for (const { name, key } of tables) {
        const table = tableName(name);
        const keys: Row[] = [];
        for await (const row of readTable(client, table)) {
          if (isOwn(name, row)) keys.push(Object.fromEntries(key.map((each) => [each, row[each]])));
        }
        await deleteRows({ client, table, pause }, keys);
      }
    },
  };
}
