/** What a stage's live tables say of a product, of a user, and of the winners. Only reads. */
import process from 'node:process';
import { storedProduct } from '../ops/audit/stored.ts';
import { queryTable, scanTable } from '../simulator/dynamodb/client/scan.ts';
import type { Row, Sheet } from '../simulator/model/workload.ts';
import { productSheet, userSheet } from '../simulator/workload/winner/sheets.ts';
import { storedEvents } from '../simulator/workload/winner/stored-events.ts';
import { createClients } from '../stack/clients.ts';
import { findStack } from '../stack/outputs.ts';

const TABLES = ['Contributions', 'Events', 'Scores'] as const;
const ROLES = ['creator', 'photographer'] as const;
const ONLY_HOLDERS = 'live tables keep the registrations of the holders, not those that lost';

export async function openLiveTables(stage: string) {
  const clients = createClients(process.env);
  const { cloudFormation, dynamoDb } = clients;
  const stack = await findStack({
    ...{ stage, cloudFormation, environment: process.env },
    tables: TABLES.map((name) => ({ name })),
  }).catch((error: unknown) => {
    clients.destroy();
    throw error;
  });
  const nameOf = (table: (typeof TABLES)[number]): string => stack.tables.get(table) ?? table;
  const rowsOf = (table: (typeof TABLES)[number], key: readonly [name: string, text: string]) =>
    Array.fromAsync(queryTable(dynamoDb, nameOf(table), key));
  const eventsOf = async (productId: string, contribution: Row | undefined) =>
    storedEvents(productId, contribution, await rowsOf('Events', ['productId', productId]));

  return {
    stackName: stack.stackName,
    scores: () => Array.fromAsync(scanTable(dynamoDb, nameOf('Scores'))),

    async product(id: string): Promise<Sheet | undefined> {
      const [row] = await rowsOf('Contributions', ['productId', id]);
      const events = await eventsOf(id, row);
      if (events.length === 0) return undefined;
      const sheet = productSheet(id, events);
      return { ...sheet, facts: [...sheet.facts, ...unfinished(row, stage), ONLY_HOLDERS] };
    },

    /** Reads all of Contributions: `onHolder` is told of each holder, and of the rows so far. */
    async user(
      id: string,
      onHolder: (holder: string, rows: number) => void,
    ): Promise<Sheet | undefined> {
      const products: Awaited<ReturnType<typeof eventsOf>>[] = [];
      let rows = 0;
      for await (const row of scanTable(dynamoDb, nameOf('Contributions'))) {
        rows++;
        const holders = ROLES.flatMap((role) =>
          row[role] === undefined ? [] : [String(row[role])],
        );
        for (const holder of holders) onHolder(holder, rows);
        if (holders.includes(id)) products.push(await eventsOf(String(row['productId']), row));
      }
      const scores = await rowsOf('Scores', ['userId', id]);
      if (products.length === 0 && scores.length === 0) return undefined;
      const sheet = userSheet(id, products);
      const stored = ROLES.map((role) => {
        const score = scores.find((row) => row['role'] === role)?.['score'];
        return `${role} ${score === undefined ? 'no row' : String(score)}`;
      });
      const says = `Scores has: ${stored.join(', ')} (where it says otherwise, simulate audit --stage ${stage} says why)`;
      return { ...sheet, facts: [...sheet.facts, says, ONLY_HOLDERS] };
    },

    close: () => clients.destroy(),
  };
}

function unfinished(row: Row | undefined, stage: string): string[] {
  if (row === undefined) return [];
  const { pending, debts } = storedProduct(row);
  if (pending.length === 0 && debts.length === 0) return [];
  return [
    `it is unfinished: an invocation is at work on it, or was cut off (simulate audit --stage ${stage})`,
  ];
}
