/** What can be told of somebody's view without knowing it: events by what they are about, and the rows beside them. */
import type {
  EventSource,
  Row,
  Sheet,
  SheetRow,
  Sheets,
  TableDefinition,
  Workload,
} from '../model/workload.ts';

export interface GenericView<Event> {
  readonly history: EventSource<Event>;
  readonly describe: Workload<Event>['describe'];
  /** By what an event is found. */
  namesOf(event: Event): readonly string[];
  rowsOf(events: readonly Event[]): Readonly<Record<string, readonly Row[]>>;
  readonly tables: readonly TableDefinition[];
}

export function genericSheets<Event>(view: GenericView<Event>): Sheets {
  const { history, namesOf } = view;
  const events = Array.from({ length: history.length }, (_, at) => history.at(at));
  return {
    ids: () => new Set(events.flatMap(namesOf).filter((name) => name !== '')),
    of(id) {
      const own = events.filter((event) => namesOf(event).includes(id));
      return own.length === 0 ? undefined : sheetOf(id, own, events, view);
    },
  };
}

function sheetOf<Event>(
  id: string,
  own: readonly Event[],
  all: readonly Event[],
  { describe, rowsOf, tables }: GenericView<Event>,
): Sheet {
  const expected = rowsOf(all);
  const facts = tables.flatMap(({ name, key, compared }) =>
    (compared ? (expected[name] ?? []) : [])
      .filter((row) => key.some((attribute) => String(row[attribute]) === id))
      .map(
        (row) =>
          `${name}: ${Object.entries(row)
            .map(([attribute, value]) => `${attribute} ${shown(value)}`)
            .join(', ')}`,
      ),
  );
  return {
    title: id,
    facts,
    columns: ['', 'event', 'of', 'by', 'kind'],
    rows: own.map((event, at): SheetRow => {
      const { kind, subject, eventId, origin } = describe(event);
      return { cells: [`${at + 1}`, eventId, subject, origin, kind] };
    }),
  };
}

function shown(value: unknown): string {
  if (value instanceof Uint8Array) return `0x${Buffer.from(value).toString('hex')}`;
  return typeof value === 'object' ? JSON.stringify(value, plainBigInt) : String(value);
}

function plainBigInt(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
