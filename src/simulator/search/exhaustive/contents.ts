/**
 * The contents of the tables, as values: equal contents are one object, and the effect of a request
 * on a content is computed once. One simulated database computes them all, after loading the
 * content in question.
 */
import { watchPoints } from '../../check/invariants.ts';
import { createSimulatedDynamoDB } from '../../dynamodb/engine/database.ts';
import { errorBody } from '../../dynamodb/engine/error-body.ts';
import type { TableDefinition } from '../../dynamodb/engine/schema.ts';
import type { Item } from '../../dynamodb/engine/value.ts';
import { itemToWire } from '../../dynamodb/engine/wire.ts';
import type { WireItem } from '../../dynamodb/engine/wire-value.ts';
import type { InvariantFailure } from '../../model/failure.ts';
import type { Row, Workload } from '../../model/workload.ts';
import type { Request } from './requests.ts';

export interface Content {
  /** From 0, in the order in which they were first reached. */
  readonly id: number;
  /** By table and key. */
  readonly items: ReadonlyMap<string, StoredItem>;
  /** The content and writes that first led to it; undefined: the tables are empty. */
  readonly from: { readonly content: Content; readonly writes: readonly Write[] } | undefined;
  readonly effects: Map<Request, Effect>;
}

interface StoredItem {
  readonly id: number;
  readonly table: string;
  readonly key: WireItem;
  readonly item: WireItem;
  readonly row: Row;
}

export interface Write {
  /** Without the stage. */
  readonly table: string;
  readonly before: Row | undefined;
  readonly after: Row | undefined;
}

/** What a request does to a content, and its answer. */
export interface Effect {
  readonly answer: Answer;
  readonly content: Content;
  /** The invariant that it violates. */
  readonly violation: InvariantFailure | undefined;
}

export interface Answer {
  /** Equal answers have equal ids. */
  readonly id: number;
  readonly body: object;
  readonly error: Error | undefined;
}

export interface Contents {
  readonly empty: Content;
  effectOf(content: Content, request: Request): Effect;
  /** The writes that lead from one content to the other. */
  changes(before: Content, after: Content): Write[];
  /** `table`: without the stage. */
  rowsOf(content: Content, table: string): Row[];
}

export interface ContentsParts {
  readonly workload: Pick<Workload<never>, 'watch'>;
  readonly tables: readonly TableDefinition[];
  readonly stage: string;
}

export function createContents(parts: ContentsParts): Contents {
  const { workload, stage } = parts;
  const contentOf = createRegistry();
  const empty = contentOf(new Map(), undefined);
  const execute = createExecutor(parts, contentOf, empty);
  const nameOf = (table: string): string => table.slice(stage.length + 1);
  return {
    empty,
    effectOf(content, request) {
      const known = content.effects.get(request);
      if (known !== undefined) return known;
      const { answer, after, writes } = execute(content, request);
      const violation = writes.length === 0 ? undefined : violationOf(workload, content, writes);
      const effect = { answer, content: after, violation };
      content.effects.set(request, effect);
      return effect;
    },
    changes: (before, after) =>
      [...new Set([...before.items.keys(), ...after.items.keys()])].flatMap((slot) => {
        const [was, is] = [before.items.get(slot), after.items.get(slot)];
        if (was?.id === is?.id) return [];
        const table = nameOf((is ?? was)?.table ?? '');
        return [{ table, before: was?.row, after: is?.row }];
      }),
    rowsOf: ({ items }, table) =>
      [...items.values()].flatMap((each) => (nameOf(each.table) === table ? [each.row] : [])),
  };
}

type Items = Content['items'];
type ContentOf = (items: Items, from: Content['from']) => Content;

/** Returns the same content for equal items. */
function createRegistry(): ContentOf {
  const contents = new Map<string, Content>();
  return (items, from) => {
    const ids = Array.from(items.values(), ({ id }) => id).sort((left, right) => left - right);
    const name = ids.join();
    const known = contents.get(name);
    if (known !== undefined) return known;
    const content = { id: contents.size, items, from, effects: new Map() };
    contents.set(name, content);
    return content;
  };
}

interface Executed {
  readonly answer: Answer;
  readonly after: Content;
  readonly writes: readonly Write[];
}

/** Executes a request on a content, which it loads into the database first. */
function createExecutor(
  { tables, stage }: ContentsParts,
  contentOf: ContentOf,
  empty: Content,
): (content: Content, request: Request) => Executed {
  const answerIds = createIds();
  let written: (readonly [table: string, before: Item | undefined, after: Item | undefined])[] = [];
  const database = createSimulatedDynamoDB({
    tables,
    // Only tokens and lagging reads depend on time, and neither occurs.
    now: () => 0,
    onWritten: (...write) => written.push(write),
  });
  const stored = createStoredItems(tables, (item) => database.toPlain(item));
  /** The content of the database. */
  let loaded = empty;

  const load = (content: Content): void => {
    for (const [slot, { table, key, id }] of loaded.items) {
      const wanted = content.items.get(slot);
      if (wanted?.id === id) continue;
      if (wanted === undefined) database.execute('DeleteItem', { TableName: table, Key: key });
      else database.execute('PutItem', { TableName: table, Item: wanted.item });
    }
    for (const [slot, { table, item }] of content.items) {
      if (!loaded.items.has(slot)) database.execute('PutItem', { TableName: table, Item: item });
    }
    loaded = content;
    written = [];
  };

  const answerTo = ({ operation, input }: Request): Answer => {
    try {
      const body = database.execute(operation, input);
      return { id: answerIds(canonical(body)), body, error: undefined };
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return { id: answerIds(canonical(errorBody(error))), body: {}, error };
    }
  };

  return (content, request) => {
    if (loaded !== content) load(content);
    const answer = answerTo(request);
    if (written.length === 0) return { answer, after: content, writes: [] };
    const items = new Map(content.items);
    const writes = written.map(([table, before, after]): Write => {
      const { slot, item } = stored(table, (after ?? before) as Item);
      if (after === undefined) items.delete(slot);
      else items.set(slot, item);
      return {
        table: table.slice(stage.length + 1),
        before: before && database.toPlain(before),
        after: after && database.toPlain(after),
      };
    });
    loaded = contentOf(items, { content, writes });
    written = [];
    return { answer, after: loaded, writes };
  };
}

/**
 * An item as a content holds it, and its slot: table and key. Equal items of one table have one id.
 */
function createStoredItems(tables: readonly TableDefinition[], plain: (item: Item) => Row) {
  const keys = new Map(
    tables.map(({ TableName = '', KeySchema = [] }) => [
      TableName,
      KeySchema.map(({ AttributeName = '' }) => AttributeName),
    ]),
  );
  const ids = createIds();
  return (table: string, item: Item): { readonly slot: string; readonly item: StoredItem } => {
    const wire = itemToWire(item);
    const key: WireItem = Object.fromEntries(
      (keys.get(table) ?? []).flatMap((name) => (wire[name] ? [[name, wire[name]]] : [])),
    );
    const id = ids(`${table} ${canonical(wire)}`);
    const slot = `${table} ${canonical(key)}`;
    return { slot, item: { id, table, key, item: wire, row: plain(item) } };
  };
}

/** The watcher sees every write on the path by which the content was first reached. */
function violationOf(
  workload: ContentsParts['workload'],
  content: Content,
  writes: readonly Write[],
): InvariantFailure | undefined {
  const watcher = workload.watch?.();
  if (watcher === undefined) return undefined;
  const way = [writes];
  for (let at = content.from; at !== undefined; at = at.content.from) way.push(at.writes);
  // No checkpoint is watched here, so no event is described.
  const watched = watchPoints(watcher, () => ({ kind: '' }));
  let violation: InvariantFailure | undefined;
  for (const together of way.reverse()) {
    for (const { table, before, after } of together) {
      violation ??= watched.wrote(table, before, after);
    }
    violation ??= watched.committed();
  }
  return violation;
}

/** Assigns numbers to texts, from 0. */
function createIds(): (text: string) => number {
  const ids = new Map<string, number>();
  return (text) => {
    let id = ids.get(text);
    if (id === undefined) {
      id = ids.size;
      ids.set(text, id);
    }
    return id;
  };
}

/** JSON with sorted attributes: equal values have equal texts. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(byName))
      : part,
  );
}

function byName([left]: [string, unknown], [right]: [string, unknown]): number {
  return left < right ? -1 : 1;
}
