/** The check stage: what the tables say, against what they must say. */
import { compare, type StoredTables } from '../check/check.ts';
import type { Difference, EventSource, Row, Workload } from '../workload/workload.ts';
import type { World } from '../world/world.ts';

export interface Checked {
  readonly differences: readonly Difference[];
  /** Rows in quarantine; undefined where the view has none. */
  readonly quarantined: number | undefined;
}

export async function check<Event>(
  workload: Workload<Event>,
  source: EventSource<Event>,
  world: World,
): Promise<Checked> {
  function* events() {
    for (let index = 0; index < source.length; index++) yield source.at(index);
  }
  const compared = workload.tables.filter((table) => table.compared);
  const stored: StoredTables = new Map(compared.map(({ name }) => [name, world.scan(name)]));
  const differences = await compare(workload, workload.reference(events()), stored);
  let quarantined: number | undefined;
  for (const { name } of workload.tables.filter((table) => table.quarantine)) {
    quarantined = (quarantined ?? 0) + (await countRows(world.scan(name)));
  }
  return { differences, quarantined };
}

async function countRows(rows: AsyncIterable<Row>): Promise<number> {
  let counted = 0;
  for await (const _ of rows) counted++;
  return counted;
}
