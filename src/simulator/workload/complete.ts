/** From a definition to a workload: checks what was defined, and adds what wasn't. Pure. */
import * as v from 'valibot';
import { SimulatorError } from '../model/errors.ts';
import type {
  Difference,
  EventSource,
  Explanation,
  Row,
  StreamPayload,
  TableDefinition,
  Workload,
} from '../model/workload.ts';
import type { WorkloadDefinition } from '../model/workload-definition.ts';
import { seededRandom } from '../random.ts';
import { genericSheets } from './generic-sheets.ts';
import { sourceOf } from './source.ts';

/**
 * `from` names the definition in messages; `entities` are those of a definition that has none of its own.
 * Throws a `SimulatorError` in one line.
 */
export function complete<Event>(
  defined: unknown,
  from: string,
  entities: Workload<Event>['entities'],
): Workload<Event> {
  const definition = check<Event>(defined, from);
  const tables = tablesOf(definition);
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
    entities: entitiesOf,
    generate(seed, { count, entities }) {
      const sizes = { ...entitiesOf(count), ...entities };
      const make = () =>
        definition.generate({ ...sizes, count, roll: seededRandom(seed, 'history') });
      const events = make();
      if (!Array.isArray(events) || events.length !== count) {
        const got = Array.isArray(events) ? `made ${events.length}` : 'made no list';
        throw wrong(from, `generate was asked for ${count} events, and ${got}`);
      }
      if (JSON.stringify(make()) !== JSON.stringify(events)) {
        throw wrong(from, 'generate made other events the second time: all chance must be `roll`');
      }
      return sourceOf(events);
    },
    identity: (event) => definition.identity(event),
    encode: (event, copy) => payload(definition.encode(event, copy), from),
    garbage(seed, index) {
      if (definition.garbage === undefined) {
        throw wrong(from, '--garbage takes a function `garbage`, which makes malformed records');
      }
      const made = definition.garbage(seededRandom(seed, `garbage ${index}`), index);
      return { kind: 'malformed', ...payload(made, from) };
    },
    reference(events) {
      const rows = new Map(Object.entries(definition.reference([...events])));
      for (const [name, list] of rows) checkRows(name, list, tables, from);
      return rows;
    },
    comparable: definition.comparable ?? withoutBookkeeping,
    ...(definition.watch === undefined ? {} : { watch: definition.watch }),
    explain: (difference, history) => explain(difference, history, subjectsOf),
    sheets: (asked, history) =>
      genericSheets({
        history,
        describe,
        namesOf: (event) => (asked === 'product' ? subjectsOf(event) : [describe(event).origin]),
        rowsOf: (events) => definition.reference(events),
        tables,
      }),
    describe,
  };
}

const key = v.pipe(
  v.record(v.string(), v.picklist(['S', 'N', 'B'])),
  v.check((names) => [1, 2].includes(Object.keys(names).length), 'a key has one or two attributes'),
);
const indexShape = v.strictObject({ key, keysOnly: v.optional(v.boolean()) });
const tableShape = v.strictObject({
  key,
  indexes: v.optional(v.record(v.string(), indexShape)),
  variable: v.optional(v.string()),
  quarantine: v.optional(v.literal(true)),
});
const schema = v.strictObject({
  name: v.pipe(v.string(), v.nonEmpty()),
  tables: v.pipe(
    v.record(v.pipe(v.string(), v.regex(/^[\w.-]+$/, 'a table name')), tableShape),
    v.check((tables) => Object.keys(tables).length > 0, 'at least one table'),
  ),
  entities: v.optional(v.function()),
  generate: v.function(),
  identity: v.function(),
  encode: v.function(),
  reference: v.function(),
  comparable: v.optional(v.function()),
  describe: v.optional(v.function()),
  garbage: v.optional(v.function()),
  watch: v.optional(v.function()),
});

function check<Event>(defined: unknown, from: string): WorkloadDefinition<Event, never> {
  const parsed = v.safeParse(schema, defined);
  // Its functions can't be checked before they are called.
  if (parsed.success) return defined as WorkloadDefinition<Event, never>;
  const [issue] = parsed.issues;
  throw wrong(from, `${v.getDotPath(issue) ?? 'it'}: ${issue.message}`);
}

function wrong(from: string, what: string): SimulatorError {
  return new SimulatorError('usage', `--workload ${from}: ${what.replace(/\s*\n\s*/g, ' ')}`);
}

function tablesOf<Event>({ tables }: WorkloadDefinition<Event, never>): readonly TableDefinition[] {
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

function payload(made: unknown, from: string): StreamPayload {
  const { partitionKey, data } = (made ?? {}) as { partitionKey?: unknown; data?: unknown };
  if (typeof partitionKey !== 'string' || partitionKey === '' || partitionKey.length > 256) {
    throw wrong(from, 'a record needs a partitionKey of 1 to 256 characters');
  }
  if (typeof data === 'string') return { partitionKey, data: encoder.encode(data) };
  if (data instanceof Uint8Array) return { partitionKey, data };
  throw wrong(from, 'the data of a record must be a text or bytes');
}

function checkRows(
  name: string,
  rows: readonly Row[],
  tables: readonly TableDefinition[],
  from: string,
): void {
  const table = tables.find((each) => each.name === name);
  if (table === undefined) {
    const known = tables.map((each) => each.name).join(', ');
    throw wrong(from, `the reference has rows for ${name}, and the tables are ${known}`);
  }
  for (const row of rows) {
    const missing = table.key.find((attribute) => row[attribute] === undefined);
    if (missing === undefined) continue;
    throw wrong(from, `a row of the reference for ${name} lacks its key ${missing}`);
  }
}

function withoutBookkeeping(_table: string, row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !name.startsWith('_')));
}

/** More than that are not looked through. */
const EVENTS_MAX = 100;

function explain<Event>(
  { table, key, expected, actual }: Difference,
  history: EventSource<Event>,
  subjectsOf: (event: Event) => readonly string[],
): Explanation {
  const events: number[] = [];
  for (let at = 0; at < history.length && events.length < EVENTS_MAX; at++) {
    if (subjectsOf(history.at(at)).some((subject) => key.includes(subject))) events.push(at);
  }
  const how =
    actual === undefined
      ? 'has no row, where the reference has one'
      : expected === undefined
        ? 'has a row, where the reference has none'
        : 'is not as the reference says';
  return { headline: `${table} ${key.join(' ')} ${how}`, events };
}
