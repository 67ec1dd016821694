/** The rows of one run in tables that it shares with others: found by their marks, and removed. */
import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type Key, removeItems } from '../dynamodb/client/remove.ts';
import { scanTable } from '../dynamodb/client/scan.ts';
import { SimulatorError } from '../model/errors.ts';
import type { RunOptions } from '../model/run-options.ts';
import type { Row, SharedTables, TableDefinition, Workload } from '../model/workload.ts';

/** The mark of all runs: their rows begin with it. */
const ANY_RUN = 'simulate:';

/** The marks of one run: of the rows of its events, and of the rows of its sentinels. */
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
  /** Real names by the workload's own. */
  readonly names: ReadonlyMap<string, string>;
  readonly markOf: SharedTables<never>['markOf'];
  readonly prefix: string;
  pause(ms: number): Promise<void>;
}

export function createOwnRows(parts: OwnRowsParts) {
  const { client, tables, names, markOf, prefix } = parts;
  const marks = marksOf(prefix);
  const nameOf = (table: string): string => names.get(table) ?? table;
  const isOwn = (table: string, row: Row): boolean => {
    const mark = markOf(table, row);
    return mark.startsWith(marks.rows) || mark.startsWith(marks.sentinels);
  };

  return {
    /** Throws a `SimulatorError` at rows that no run made, and at rows of an earlier run with this prefix. */
    async refuseOthers(): Promise<void> {
      for (const { name } of tables) {
        for await (const row of scanTable(client, nameOf(name))) {
          if (!markOf(name, row).startsWith(ANY_RUN)) {
            throw new SimulatorError(
              'usage',
              `the table ${nameOf(name)} holds rows that no simulation made, and a run would add simulated rows ` +
                'to them: deploy a stage for simulations (npx serverless deploy --stage sim) and name it',
            );
          }
          if (isOwn(name, row)) {
            throw new SimulatorError(
              'usage',
              `the table ${nameOf(name)} holds rows of an earlier run with --prefix ${prefix}: ` +
                'add --clean to remove them first, or give another --prefix',
            );
          }
        }
      }
    },

    async *scan(table: string): AsyncGenerator<Row> {
      for await (const row of scanTable(client, nameOf(table))) {
        if (markOf(table, row).startsWith(marks.rows)) yield row;
      }
    },

    async remove(): Promise<void> {
      for (const { name, key } of tables) {
        const keys: Key[] = [];
        for await (const row of scanTable(client, nameOf(name))) {
          if (isOwn(name, row)) keys.push(keyOf(row, key));
        }
        await removeItems(client, nameOf(name), keys, parts.pause);
      }
    },
  };
}

/** All key attributes of the view's tables are strings. */
function keyOf(row: Row, names: readonly string[]): Readonly<Record<string, AttributeValue>> {
  return Object.fromEntries(names.map((name) => [name, { S: String(row[name]) }]));
}
