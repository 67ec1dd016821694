/** A run's rows in shared tables: recognized by their marks, read and removed. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { readTable } from '../dynamodb/client/read.ts';
import { deleteRows } from '../dynamodb/client/write.ts';
import { SimulatorError } from '../model/errors.ts';
import type { RunOptions } from '../model/run-options.ts';
import type { Row, SharedTables, TableDefinition, Workload } from '../model/workload.ts';

/** Prefix of the rows of any run. */
const ANY_RUN = 'simulate:';

/** Prefixes of the rows of one run, and of its sentinels, which are not events. */
export function marksOf(prefix: string): { readonly rows: string; readonly sentinels: string } {
  return { rows: `${ANY_RUN}${prefix}:`, sentinels: `${ANY_RUN}${prefix}/` };
}

/** Throws a `SimulatorError` where the workload's rows can't be marked. */
export function sharedTables<Shared>({
  name,
  shared,
}: {
  readonly name: string;
  readonly shared?: Shared | undefined;
}): Shared {
  if (shared !== undefined) return shared;
  throw new SimulatorError(
    'usage',
    `--world aws: the workload ${name} has no marks that tell its rows from others`,
  );
}

/** The workload of a run: its rows bear the run's mark where other runs use the same tables. */
export function workloadOfRun<Event>(
  workload: Workload<Event>,
  { world, prefix }: Pick<RunOptions, 'world' | 'prefix'>,
): Workload<Event> {
  return world === 'aws' ? sharedTables(workload).marked(marksOf(prefix).rows) : workload;
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
    /**
     * Throws a `SimulatorError` at rows that no run made, and at rows of an earlier run with this
     * prefix.
     */
    async refuseOthers(): Promise<void> {
      for (const { name } of tables) {
        for await (const row of readTable(client, tableName(name))) {
          if (!markOf(name, row).startsWith(ANY_RUN)) {
            throw new SimulatorError(
              'usage',
              `the table ${tableName(name)} holds rows that no simulation made, and a run would add simulated rows ` +
                'to them: deploy a stage for simulations (npx serverless deploy --stage sim) and name it',
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
