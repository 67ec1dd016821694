/** What must be so when a batch is over, and when all are; each found out once for what the tables hold. */
import { compare, type StoredTables } from '../../check/check.ts';
import type { Difference, Row, Workload } from '../../model/workload.ts';
import type { Batch } from './arrangements.ts';
import type { Unknown } from './behaviour.ts';
import type { Content, Contents } from './contents.ts';

export interface Endings {
  /** Why these records must not be passed yet; undefined: they may be. */
  passed(content: Content, batch: Batch): string | undefined;
  /** How the tables differ from the reference at the end; undefined: they don't. */
  difference(content: Content): string | undefined | Unknown;
}

export interface EndingsParts<Event> {
  readonly workload: Workload<Event>;
  readonly events: readonly Event[];
  readonly contents: Pick<Contents, 'rowsOf'>;
  /** Told of each different content once. */
  readonly onEnding: (tables: StoredTables) => void;
}

export function createEndings<Event>(parts: EndingsParts<Event>): Endings {
  const { workload, events, contents } = parts;
  const watcher = workload.watch?.();
  const expected = workload.reference(events);
  const passed = new Map<string, string | undefined>();
  const differences = new Map<Content, string | undefined>();
  const keys = new Map(workload.tables.map(({ name, key }) => [name, key]));

  const compared = workload.tables.flatMap(({ name, compared }) => (compared ? [name] : []));

  const rowIn = (content: Content, table: string, key: readonly string[]): Row | undefined =>
    contents
      .rowsOf(content, table)
      .find((row) => keys.get(table)?.every((name, at) => row[name] === key[at]));

  return {
    passed(content, batch) {
      const name = `${content.id} ${batch.join()}`;
      if (!passed.has(name)) {
        const violations = batch.map((event) =>
          watcher?.checkpointed(events[event] as Event, (table, key) => rowIn(content, table, key)),
        );
        passed.set(
          name,
          violations.find((violation) => violation !== undefined),
        );
      }
      return passed.get(name);
    },
    difference(content) {
      if (!differences.has(content)) {
        return async () => {
          const stored = new Map(compared.map((name) => [name, contents.rowsOf(content, name)]));
          parts.onEnding(stored);
          const [first] = await compare(workload, expected, stored);
          differences.set(content, first && said(first));
        };
      }
      return differences.get(content);
    },
  };
}

function said({ table, key, expected, actual }: Difference): string {
  return `${table} ${key.join(' ')}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`;
}
