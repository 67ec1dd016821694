/**
 * Sheets of any workload: the events of a subject or of an origin, beside the rows that have its id
 * in their key.
 */
import type { EventSource, Row, Sheet, SheetRow, Sheets, Workload } from '../model/workload.ts';

export interface GenericView<Event> extends Pick<Workload<Event>, 'tables' | 'describe'> {
  /** Everything that an event is about. */
  subjectsOf(event: Event): readonly string[];
  reference(events: readonly Event[]): Readonly<Record<string, readonly Row[]>>;
}

export function genericSheets<Event>(
  history: EventSource<Event>,
  view: GenericView<Event>,
): Readonly<Record<'subject' | 'origin', Sheets>> {
  return {
    subject: sheetsBy((event) => view.subjectsOf(event), history, view),
    origin: sheetsBy((event) => [view.describe(event).origin], history, view),
  };
}

function sheetsBy<Event>(
  idsOf: (event: Event) => readonly string[],
  history: EventSource<Event>,
  view: GenericView<Event>,
): Sheets {
  const eventsOf = () => Array.from({ length: history.length }, (_, at) => history.at(at));
  return {
    ids: () =>
      new Set(
        eventsOf()
          .flatMap(idsOf)
          .filter((id) => id !== ''),
      ),
    of(id) {
      const events = eventsOf();
      const own = events.filter((event) => idsOf(event).includes(id));
      return own.length === 0 ? undefined : sheetOf(id, own, events, view);
    },
  };
}

function sheetOf<Event>(
  id: string,
  own: readonly Event[],
  all: readonly Event[],
  { describe, reference, tables }: GenericView<Event>,
): Sheet {
  const expected = reference(all);
  const facts = tables.flatMap(({ name, key, compared }) =>
    (compared ? (expected[name] ?? []) : [])
      .filter((row) => key.some((attribute) => String(row[attribute]) === id))
      .map((row) => {
        const attributes = Object.entries(row);
        return `${name}: ${attributes.map(([attribute, value]) => `${attribute} ${shown(value)}`).join(', ')}`;
      }),
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
