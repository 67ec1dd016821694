/** A run's rows in tables that are not its alone: told from others by their marks, and removed. */
import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type Key, removeItems } from '../dynamodb/client/remove.ts';
import { scanTable } from '../dynamodb/client/scan.ts';
import { SimulatorError } from '../model/errors.ts';
import type { Row, SharedTables, TableDefinition } from '../model/workload.ts';

/** What the rows of any run begin with. */
const ANY_RUN = 'simulate:';

/** What those of one run begin with, and those of its sentinels, which are nobody's events. */
export function marksOf(prefix: string): { readonly rows: string; readonly sentinels: string } {
  return { rows: `${ANY_RUN}${prefix}:`, sentinels: `${ANY_RUN}${prefix}/` };
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
    /** Throws a `SimulatorError` at rows that no run made, and at those of an earlier run of this prefix. */
    async refuseOthers(): Promise<void> {
      for (const { name } of tables) {
        for await (const row of scanTable(client, nameOf(name))) {
          if (!markOf(name, row).startsWith(ANY_RUN)) {
            throw new SimulatorError(
              'usage',
              `the table ${nameOf(name)} holds rows that no simulation made, and a run would mix made-up rows ` +
                'with them: deploy a stage for simulations (npx serverless deploy --stage sim) and name that',
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

/** The keys of the view's tables are texts. */
function keyOf(row: Row, names: readonly string[]): Readonly<Record<string, AttributeValue>> {
  return Object.fromEntries(names.map((name) => [name, { S: String(row[name]) }]));
}
