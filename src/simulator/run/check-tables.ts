/** The check stage: compares what the tables hold with the reference. */
import { compare, type StoredTables } from '../check/check.ts';
import type { Difference, EventSource, Row, Workload } from '../model/workload.ts';
import { eventsOf } from '../workload/source.ts';
import type { AnyWorld } from '../worlds/world.ts';

export interface CheckedTables {
  readonly differences: readonly Difference[];
  /** Rows in quarantine; undefined where the view has none. */
  readonly quarantined: number | undefined;
  /** Tables that were deleted during the run; each is compared as an empty one. */
  readonly gone: readonly string[];
}

export async function checkTables<Event>(
  workload: Workload<Event>,
  source: EventSource<Event>,
  world: AnyWorld,
): Promise<CheckedTables> {
  const gone: string[] = [];
  const scan = (table: string) => rowsOf(world, table, gone);
  const compared = workload.tables.filter((table) => table.compared);
  const stored: StoredTables = new Map(compared.map(({ name }) => [name, scan(name)]));
  const differences = await compare(workload, workload.reference(eventsOf(source)), stored);
  let quarantined: number | undefined;
  for (const { name } of workload.tables.filter((table) => table.quarantine)) {
    quarantined = (quarantined ?? 0) + (await countRows(scan(name)));
  }
  return { differences, quarantined, gone };
}

async function* rowsOf(world: AnyWorld, table: string, gone: string[]) {
  try {
    yield* world.scan(table);
  } catch (error) {
    // All tables were created before the first invocation, so this one was deleted since.
    if (!(error instanceof Error) || error.name !== 'ResourceNotFoundException') throw error;
    gone.push(table);
  }
}

async function countRows(rows: AsyncIterable<Row>): Promise<number> {
  let counted = 0;
  for await (const _ of rows) counted++;
  return counted;
}
