/**
 * Compares the shipped handler with the workshop's algorithm on the same histories, in the deterministic
 * world: `node scripts/compare-workshop.ts [COUNT ...]` prints the table in docs/benchmarks.md.
 */
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { defaultOptions } from '../src/cli/options/run-options.ts';
import type { RunOptions } from '../src/simulator/model/run-options.ts';
import type { IndexShape, TableShape } from '../src/simulator/model/workload.ts';
import { deliverByMapping } from '../src/simulator/run/deliver/mapping.ts';
import { run } from '../src/simulator/run/run.ts';
import { winner } from '../src/simulator/workload/winner/winner.ts';
import { openWorld } from '../src/simulator/worlds/open-world.ts';

const WORKSHOP = fileURLToPath(new URL('../test/handlers/workshop.ts', import.meta.url));

const index = (role: string): IndexShape => ({ key: { [role]: 'S', eventId: 'S' } });
const SHAPES: Readonly<Record<string, TableShape>> = {
  Contributions: { key: { productId: 'S' } },
  Scores: {
    key: { userId: 'S', role: 'S' },
    indexes: { ScoresByRole: { key: { role: 'S', score: 'N' }, keysOnly: true } },
  },
  Events: {
    key: { productId: 'S', eventId: 'S' },
    indexes: { EventsByCreator: index('creator'), EventsByPhotographer: index('photographer') },
  },
  Quarantine: { key: { stream: 'S', record: 'S' } },
};
/** The same workload on the workshop's tables; whom a row of Events credits is not compared. */
const workshop: typeof winner = {
  ...winner,
  tables: winner.tables.map((table) => ({ ...table, shape: SHAPES[table.name] as TableShape })),
  comparable(table, row) {
    if (table !== 'Events') return winner.comparable(table, row);
    const { creator: _, photographer: __, ...rest } = row;
    return winner.comparable(table, rest);
  },
};

async function measure(handler: string | undefined, changes: Partial<RunOptions>) {
  const { count = 0, shuffle = false } = changes;
  const options: RunOptions = {
    ...defaultOptions({ seed: 'peers', count, shuffle }),
    entities: { products: 40, users: 10 },
    ...changes,
    ...{ handler, world: 'memory', shards: 1 },
  };
  const workload = handler === undefined ? winner : workshop;
  const result = await run({
    ...{ workload, options, deliver: deliverByMapping },
    world: openWorld('memory', options, { workload }),
  });
  return { wrongRows: result.differencesTotal, ...result.figures.dynamodb };
}

const named = process.argv.slice(2).map(Number);
const counts = named.length > 0 ? named : [1_000, 3_000, 10_000];
const columns = [
  'events',
  'arrival',
  'handler',
  'wrong rows',
  'write units a record',
  'read units',
];
columns.push('requests', 'write-equivalents', `growth since ${counts[0]?.toLocaleString('en')}`);
console.log(`| ${columns.join(' | ')} |\n|${'---|'.repeat(columns.length)}`);
for (const shuffle of [false, true]) {
  /** Of each handler at the first count, the base of its growth. */
  const firstCosts = new Map<string, number>();
  for (const count of counts) {
    for (const [name, handler] of [['ours', undefined] as const, ['workshop', WORKSHOP] as const]) {
      const measured = await measure(handler, { count, shuffle });
      const { writeUnitsPerRecord, readUnitsPerRecord, requestsPerRecord } = measured;
      const cost = measured.writeEquivalentsPerRecord;
      const firstCost = firstCosts.get(name) ?? cost;
      firstCosts.set(name, firstCost);
      const figures = [writeUnitsPerRecord, readUnitsPerRecord, requestsPerRecord, cost];
      const cells = [
        ...[count.toLocaleString('en'), shuffle ? 'shuffled, 10 % copied' : 'in order', name],
        ...[measured.wrongRows, ...figures.map((figure) => figure.toFixed(2))],
        `×${(cost / firstCost).toFixed(2)}`,
      ];
      console.log(`| ${cells.join(' | ')} |`);
    }
  }
}
