/**
 * What is checked when a batch is acknowledged and when a schedule ends; once for each content of
 * the tables.
 */
import { compare, type StoredTables } from '../../check/check.ts';
import { watchPoints } from '../../check/invariants.ts';
import type { Failure } from '../../model/failure.ts';
import type { Row, Workload } from '../../model/workload.ts';
import type { Batch } from './arrangements.ts';
import type { Deferred } from './behaviour.ts';
import type { Content, Contents } from './contents.ts';

export interface Endings {
  /** The invariant that is violated if these records are acknowledged now. */
  acknowledged(content: Content, batch: Batch): Failure | undefined;
  /** How the tables differ from the reference at the end; undefined: they don't. */
  difference(content: Content): Failure | undefined | Deferred;
}

export interface EndingsParts<Event> {
  readonly workload: Workload<Event>;
  readonly events: readonly Event[];
  readonly contents: Pick<Contents, 'rowsOf'>;
  /** Called once for each different content at the end of a schedule. */
  readonly onEnding: (tables: StoredTables) => void;
}

export function createEndings<Event>(parts: EndingsParts<Event>): Endings {
  const { workload, events, contents } = parts;
  const watcher = workload.watch?.();
  const watched = watcher && watchPoints(watcher, workload.describe);
  const expected = workload.reference(events);
  const violations = new Map<string, Failure | undefined>();
  const differences = new Map<Content, Failure | undefined>();
  const keys = new Map(workload.tables.map(({ name, key }) => [name, key]));
  const compared = workload.tables.flatMap(({ name, compared }) => (compared ? [name] : []));

  const rowIn = (content: Content, table: string, key: readonly string[]): Row | undefined =>
    contents
      .rowsOf(content, table)
      .find((row) => keys.get(table)?.every((name, at) => String(row[name]) === key[at]));

  return {
    acknowledged(content, batch) {
      const name = `${content.id} ${batch.join()}`;
      if (!violations.has(name)) {
        const found = batch.map((event) =>
          watched?.checkpointed(events[event] as Event, (table, key) => rowIn(content, table, key)),
        );
        violations.set(
          name,
          found.find((violation) => violation !== undefined),
        );
      }
      return violations.get(name);
    },
    difference(content) {
      if (!differences.has(content)) {
        return async () => {
          const stored = new Map(compared.map((name) => [name, contents.rowsOf(content, name)]));
          parts.onEnding(stored);
          const [first] = await compare(workload, expected, stored);
          differences.set(content, first && { kind: 'row', difference: first });
        };
      }
      return differences.get(content);
    },
  };
}
