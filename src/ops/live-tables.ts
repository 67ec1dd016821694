/** Explains a product or a user of a stage's live tables, and who leads. Only reads. */
import { readPartition, readTable } from '../simulator/dynamodb/client/read.ts';
import type { Leaderboard, Row, Sheet } from '../simulator/model/workload.ts';
import { productSheet, userSheet } from '../simulator/workload/winner/sheets.ts';
import { storedEvents } from '../simulator/workload/winner/stored-events.ts';
import { winner } from '../simulator/workload/winner/winner.ts';
import { ROLES, storedProduct } from './audit/stored-product.ts';
import { openStack } from './stack/open-stack.ts';

type Table = 'Contributions' | 'Events' | 'Scores';
const ONLY_HOLDERS = 'live tables keep the registrations of the holders, not those that lost';

/** The sheet of one thing, such as a product by its id; undefined: the tables have none. */
type ReadSheet = (id: string, progress: SheetProgress) => Promise<Sheet | undefined>;

export interface SheetProgress {
  /** A row was read that names an id of the kind; called with the number of rows so far. */
  readId(id: string, rows: number): void;
}

export interface LiveTables {
  readonly stackName: string;
  /** By kind of thing, the quickest to read first. */
  readonly sheets: Readonly<Record<string, ReadSheet>>;
  leaderboards(): Promise<readonly Leaderboard[]>;
  close(): void;
}

/** `environment` is the process's own. Rejects with a `SimulatorError`. */
export async function openLiveTables(
  stage: string,
  environment: NodeJS.ProcessEnv,
): Promise<LiveTables> {
  const { stackName, dynamoDb, tableName, close } = await openStack(stage, environment);
  const rowsOf = (table: Table, key: readonly [name: string, text: string]) =>
    Array.fromAsync(readPartition(dynamoDb, tableName(table), key));
  const eventsOf = async (productId: string, contribution: Row | undefined) =>
    storedEvents(productId, contribution, await rowsOf('Events', ['productId', productId]));

  const sheets = {
    async product(id: string) {
      const [row] = await rowsOf('Contributions', ['productId', id]);
      const events = await eventsOf(id, row);
      if (events.length === 0) return undefined;
      const sheet = productSheet(id, events);
      return { ...sheet, facts: [...sheet.facts, ...unfinished(row, stage), ONLY_HOLDERS] };
    },

    /** Reads all of Contributions. */
    async user(id: string, { readId }: SheetProgress) {
      const products: Awaited<ReturnType<typeof eventsOf>>[] = [];
      let rows = 0;
      for await (const row of readTable(dynamoDb, tableName('Contributions'))) {
        rows++;
        const holders = ROLES.flatMap((role) =>
          row[role] === undefined ? [] : [String(row[role])],
        );
        for (const holder of holders) readId(holder, rows);
        if (holders.includes(id)) products.push(await eventsOf(String(row['productId']), row));
      }
      const scores = await rowsOf('Scores', ['userId', id]);
      if (products.length === 0 && scores.length === 0) return undefined;
      const sheet = userSheet(id, products);
      const stored = ROLES.map((role) => {
        const score = scores.find((row) => row['role'] === role)?.['score'];
        return `${role} ${score === undefined ? 'no row' : String(score)}`;
      });
      const storedScores = `Scores has: ${stored.join(', ')} (simulate audit --stage ${stage} explains a difference)`;
      return { ...sheet, facts: [...sheet.facts, storedScores, ONLY_HOLDERS] };
    },
  };
  const leaderboards = async () => {
    const scores = await Array.fromAsync(readTable(dynamoDb, tableName('Scores')));
    const rows = scores.map((row) => winner.comparable('Scores', row));
    return (
      winner.leaderboard?.(new Map([['Scores', rows.filter((row) => row !== undefined)]])) ?? []
    );
  };
  return { stackName, sheets, leaderboards, close };
}

function unfinished(row: Row | undefined, stage: string): string[] {
  if (row === undefined) return [];
  const { pending, debts } = storedProduct(row);
  if (pending.length === 0 && debts.length === 0) return [];
  return [
    `it is unfinished: an invocation is processing it, or was interrupted (simulate audit --stage ${stage})`,
  ];
}
