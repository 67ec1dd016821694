/**
 * From a definition to a workload: checks what its functions return, and adds the defaults. Pure.
 */
import type {
  Difference,
  EventSource,
  Explanation,
  Row,
  StreamPayload,
  TableDefinition,
  Workload,
} from '../model/workload.ts';
import { seededRandom } from '../random.ts';
import { type AnyDefinition, checkDefinition, wrongDefinition } from './check-definition.ts';
import { genericSheets } from './generic-sheets.ts';
import { sourceOf } from './source.ts';

/**
 * `from`: the definition's file, for messages. `entities`: of a definition that has none of its
 * own. Throws a `SimulatorError` in one line.
 */
export function complete<Event>(
  exported: unknown,
  from: string,
  entities: Workload<Event>['entities'],
): Workload<Event> {
  const definition = checkDefinition<Event>(exported, from);
  const tables = tablesOf(definition);
  const wrong = (what: string) => wrongDefinition(from, what);
  const entitiesOf = (count: number) => definition.entities?.(count) ?? entities(count);
  const subjectsOf = (event: Event): readonly string[] =>
    [definition.describe?.(event).subject ?? []].flat();
  const describe: Workload<Event>['describe'] = (event) => {
    const described = definition.describe?.(event);
    return {
      kind: described?.kind ?? definition.name,
      subject: subjectsOf(event)[0] ?? '',
      eventId: described?.eventId ?? definition.identity(event),
      origin: described?.origin ?? '',
    };
  };
  return {
    name: definition.name,
    tables,
    ...optional('services', definition.services),
    ...optional('environment', definition.environment),
    ...optional('allow', definition.allow),
    entities: entitiesOf,
    generate(seed, { count, entities }) {
      const sizes = { ...entitiesOf(count), ...entities };
      const make = () =>
        definition.generate({ ...sizes, count, roll: seededRandom(seed, 'history') });
      const events = make();
      if (!Array.isArray(events) || events.length !== count) {
        const got = Array.isArray(events) ? `returned ${events.length}` : 'returned no array';
        throw wrong(`generate was asked for ${count} events, and ${got}`);
      }
      if (JSON.stringify(make()) !== JSON.stringify(events)) {
        throw wrong(
          'generate returned other events the second time: use `roll` for all randomness',
        );
      }
      return sourceOf(events);
    },
    identity: (event) => definition.identity(event),
    encode: (event, copy) => payload(definition.encode(event, copy), wrong),
    garbage(seed, index) {
      if (definition.garbage === undefined) {
        throw wrong('--garbage needs a function `garbage` that makes malformed records');
      }
      const made = definition.garbage(seededRandom(seed, `garbage ${index}`), index);
      return { kind: 'malformed', ...payload(made, wrong) };
    },
    reference(events) {
      const rows = new Map(Object.entries(definition.reference([...events])));
      for (const [name, list] of rows) checkRows(name, list, tables, wrong);
      return rows;
    },
    comparable: definition.comparable ?? withoutBookkeeping,
    ...(definition.watch === undefined ? {} : { watch: definition.watch }),
    explain: (difference, history) => explain(difference, history, subjectsOf),
    sheets: (history) =>
      genericSheets(history, {
        describe,
        subjectsOf,
        reference: (events) => definition.reference(events),
        tables,
      }),
    describe,
  };
}

function optional<Name extends string, Value>(name: Name, value: Value | undefined) {
  return (value === undefined ? {} : { [name]: value }) as { readonly [Each in Name]?: Value };
}

type Wrong = (what: string) => Error;

function tablesOf<Event>({ tables }: AnyDefinition<Event>): readonly TableDefinition[] {
  return Object.entries(tables).map(([name, shape]) => ({
    name,
    environmentVariable:
      shape.variable ?? `TABLE_${name.replace(/[^A-Za-z0-9]+/g, '_').toUpperCase()}_NAME`,
    key: Object.keys(shape.key),
    compared: shape.quarantine !== true,
    ...(shape.quarantine === undefined ? {} : { quarantine: shape.quarantine }),
    shape,
  }));
}

const encoder = new TextEncoder();

function payload(made: unknown, wrong: Wrong): StreamPayload {
  const { partitionKey, data } = (made ?? {}) as { partitionKey?: unknown; data?: unknown };
  if (typeof partitionKey !== 'string' || partitionKey === '' || partitionKey.length > 256) {
    throw wrong('a record needs a partitionKey of 1 to 256 characters');
  }
  if (typeof data === 'string') return { partitionKey, data: encoder.encode(data) };
  if (data instanceof Uint8Array) return { partitionKey, data };
  throw wrong('the data of a record must be a string or a Uint8Array');
}

function checkRows(
  name: string,
  rows: readonly Row[],
  tables: readonly TableDefinition[],
  wrong: Wrong,
): void {
  const table = tables.find((each) => each.name === name);
  if (table === undefined) {
    const known = tables.map((each) => each.name).join(', ');
    throw wrong(`the reference has rows for ${name}, and the tables are ${known}`);
  }
  for (const row of rows) {
    const missing = table.key.find((attribute) => row[attribute] === undefined);
    if (missing === undefined) continue;
    throw wrong(`a row of the reference for ${name} lacks its key ${missing}`);
  }
}

function withoutBookkeeping(_table: string, row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !name.startsWith('_')));
}

const EXPLAINING_EVENTS_MAX = 100;

function explain<Event>(
  { table, key, expected, actual }: Difference,
  history: EventSource<Event>,
  subjectsOf: (event: Event) => readonly string[],
): Explanation {
  const events: number[] = [];
  for (let at = 0; at < history.length && events.length < EXPLAINING_EVENTS_MAX; at++) {
    if (subjectsOf(history.at(at)).some((subject) => key.includes(subject))) events.push(at);
  }
  const how =
    actual === undefined
      ? 'has no row, and the reference has one'
      : expected === undefined
        ? 'has a row, and the reference has none'
        : 'differs from the reference';
  return { headline: `${table} ${key.join(' ')} ${how}`, events };
}
