/**
 * Checks what a file exports as its workload, as far as that is possible without calling its
 * functions.
 */
import * as v from 'valibot';
import { SimulatorError } from '../model/errors.ts';
import type { WorkloadDefinition } from '../model/workload-definition.ts';

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
  services: v.optional(
    v.record(v.string(), v.record(v.string(), v.union([v.function(), v.looseObject({})]))),
  ),
  environment: v.optional(v.record(v.string(), v.string())),
  allow: v.optional(v.array(v.string())),
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

const WATCHING = ['wrote', 'committed', 'checkpointed'] as const;
const watcherSchema = v.object(v.entriesFromList(WATCHING, v.function()));
const brokenSchema = v.optional(v.object({ invariant: v.string(), message: v.string() }));

/** A definition whose entities are not known by name. */
export type AnyDefinition<Event> = WorkloadDefinition<Event, never>;

/**
 * The definition; what its functions throw becomes a `SimulatorError`. Throws one if it is not
 * valid.
 */
export function checkDefinition<Event>(exported: unknown, from: string): AnyDefinition<Event> {
  const parsed = v.safeParse(schema, exported);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw wrongDefinition(from, `${v.getDotPath(issue) ?? 'it'}: ${issue.message}`);
  }
  const definition = exported as Readonly<Record<string, unknown>>;
  const members = Object.keys(schema.entries).flatMap((name) => {
    const member = definition[name];
    if (member === undefined) return [];
    if (typeof member !== 'function') return [[name, member]];
    const call = guarded(name, member, definition);
    return [[name, name === 'watch' ? () => guardedWatcher(call()) : call]];
  });
  return Object.fromEntries(members);

  function guarded(name: string, member: object, owner: object) {
    return (...values: readonly unknown[]): unknown => {
      try {
        return Reflect.apply(member as () => unknown, owner, values);
      } catch (error) {
        throw wrongDefinition(from, `${name} threw ${textOf(error)}`);
      }
    };
  }

  function guardedWatcher(watcher: unknown): object {
    if (!v.is(watcherSchema, watcher)) {
      throw wrongDefinition(from, `watch must return the functions ${WATCHING.join(', ')}`);
    }
    const calls = WATCHING.map((name) => {
      const call = guarded(name, watcher[name], watcher);
      return [
        name,
        (...values: readonly unknown[]) => {
          const broken = call(...values);
          if (v.is(brokenSchema, broken)) return broken;
          throw wrongDefinition(from, `${name} must return { invariant, message } or undefined`);
        },
      ];
    });
    return Object.fromEntries(calls);
  }
}

export function wrongDefinition(from: string, what: string): SimulatorError {
  return new SimulatorError('usage', `--workload ${from}: ${what.replace(/\s*\n\s*/g, ' ')}`);
}

/** The error and the place where it was thrown. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const place = /\n\s+at .*?([^/(\s]+:\d+:\d+)\)?/.exec(error.stack ?? '')?.[1];
  return `${error.name}: ${error.message}${place === undefined ? '' : ` (${place})`}`;
}
