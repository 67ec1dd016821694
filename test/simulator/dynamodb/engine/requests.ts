/** Random requests: small tables, few keys, every operation and every kind of expression. */
import type { TableDefinition } from '../../../../src/simulator/dynamodb/engine/schema.ts';
import { choose, mistake, see, seldom, type Tape } from './tape.ts';

export interface Request {
  readonly operation: string;
  readonly input: Record<string, unknown>;
}

type Wire = Record<string, unknown>;
type WireItem = Record<string, Wire>;

interface Key {
  readonly name: string;
  readonly type: 'S' | 'N' | 'B';
}

interface TableShape {
  readonly name: string;
  readonly hash: Key;
  readonly range?: Key;
  readonly indexes: readonly {
    readonly name: string;
    readonly hash: Key;
    readonly range?: Key;
    readonly projection: 'ALL' | 'KEYS_ONLY' | readonly string[];
  }[];
}

const SHAPES: readonly TableShape[] = [
  {
    name: 'Hash',
    hash: { name: 'pk', type: 'S' },
    indexes: [
      {
        name: 'ByX',
        hash: { name: 'x', type: 'S' },
        range: { name: 'n', type: 'N' },
        projection: ['y'],
      },
    ],
  },
  {
    name: 'Range',
    hash: { name: 'pk', type: 'S' },
    range: { name: 'sk', type: 'S' },
    indexes: [
      {
        name: 'BySort',
        hash: { name: 'sk', type: 'S' },
        range: { name: 'n', type: 'N' },
        projection: 'KEYS_ONLY',
      },
      { name: 'All', hash: { name: 'x', type: 'S' }, projection: 'ALL' },
    ],
  },
  {
    name: 'Numbers',
    hash: { name: 'pk', type: 'N' },
    range: { name: 'sk', type: 'N' },
    indexes: [],
  },
  {
    name: 'Bytes',
    hash: { name: 'pk', type: 'B' },
    range: { name: 'sk', type: 'B' },
    indexes: [],
  },
];

/** The four tables, their names ending in `suffix`. */
export function definitions(suffix: string): TableDefinition[] {
  return SHAPES.map((shape) => {
    const keys = [shape, ...shape.indexes].flatMap(({ hash, range }) => [hash, range]);
    const types = new Map(
      keys.filter((key) => key !== undefined).map((key) => [key.name, key.type]),
    );
    return {
      TableName: shape.name + suffix,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [...types].map(([AttributeName, AttributeType]) => ({
        AttributeName,
        AttributeType,
      })),
      KeySchema: schemaOf(shape),
      ...(shape.indexes.length > 0 && {
        GlobalSecondaryIndexes: shape.indexes.map((index) => ({
          IndexName: index.name,
          KeySchema: schemaOf(index),
          Projection:
            typeof index.projection === 'string'
              ? { ProjectionType: index.projection }
              : { ProjectionType: 'INCLUDE' as const, NonKeyAttributes: [...index.projection] },
        })),
      }),
    };
  });
}

/** The next request of a sequence, from the tape. */
export function request(tape: Tape, suffix: string): Request {
  const made = make(tape, suffix);
  see(tape, made.operation);
  return made;
}

function schemaOf({ hash, range }: { readonly hash: Key; readonly range?: Key }) {
  return [
    { AttributeName: hash.name, KeyType: 'HASH' as const },
    ...(range ? [{ AttributeName: range.name, KeyType: 'RANGE' as const }] : []),
  ];
}

function make(tape: Tape, suffix: string): Request {
  const operation = choose(tape, OPERATIONS);
  const shape = choose(tape, SHAPES);
  tape.careful = CAREFUL.has(operation);
  const TableName = seldom(tape, 120) ? `Missing${suffix}` : shape.name + suffix;
  const capacity = returnCapacity(tape);
  switch (operation) {
    case 'PutItem':
      return {
        operation,
        input: { TableName, ...put(tape, shape), ...capacity, ...returnValues(tape, OLD) },
      };
    case 'DeleteItem':
      return {
        operation,
        input: { TableName, ...remove(tape, shape), ...capacity, ...returnValues(tape, OLD) },
      };
    case 'UpdateItem':
      return {
        operation,
        input: { TableName, ...update(tape, shape), ...capacity, ...returnValues(tape, ALL) },
      };
    case 'GetItem':
      return {
        operation,
        input: { TableName, ...get(tape, shape), ...consistent(tape), ...capacity },
      };
    case 'Query':
      return { operation, input: { TableName, ...query(tape, shape), ...capacity } };
    case 'Scan':
      return { operation, input: { TableName, ...scan(tape, shape), ...capacity } };
    case 'BatchGetItem':
      return { operation, input: { ...batchGet(tape, suffix), ...capacity } };
    case 'BatchWriteItem':
      return { operation, input: { ...batchWrite(tape, suffix), ...capacity } };
    case 'TransactGetItems':
      return { operation, input: { ...transactGet(tape, suffix), ...capacity } };
    default:
      return { operation, input: { ...transactWrite(tape, suffix), ...capacity } };
  }
}

const OPERATIONS = [
  'PutItem',
  'UpdateItem',
  'UpdateItem',
  'PutItem',
  'GetItem',
  'DeleteItem',
  'Query',
  'Query',
  'Scan',
  'BatchGetItem',
  'BatchWriteItem',
  'TransactGetItems',
  'TransactWriteItems',
  'TransactWriteItems',
  'UpdateItem',
  'PutItem',
] as const;
const CAREFUL: ReadonlySet<string> = new Set([
  'TransactWriteItems',
  'TransactGetItems',
  'Query',
  'Scan',
]);
const OLD = ['NONE', 'ALL_OLD'];
const ALL = ['NONE', 'ALL_NEW', 'ALL_OLD', 'UPDATED_NEW', 'UPDATED_OLD'];
const NAMES = ['y', 'm', 'n', 'x', 'l', 's', 'e', 'w', 'z'];

function put(tape: Tape, shape: TableShape): Record<string, unknown> {
  return { Item: item(tape, shape), ...condition(tape, 2) };
}

function remove(tape: Tape, shape: TableShape): Record<string, unknown> {
  return { Key: key(tape, shape), ...condition(tape, 2) };
}

function get(tape: Tape, shape: TableShape): Record<string, unknown> {
  return { Key: key(tape, shape), ...projection(tape, 3) };
}

/** Optional parts are left out on an empty tape. */
function condition(tape: Tape, oneIn: number): Record<string, unknown> {
  if (!seldom(tape, oneIn)) return {};
  const bound = binder(tape);
  const ConditionExpression = predicate(tape, bound, 0);
  see(tape, 'condition');
  const failure = seldom(tape, 2);
  if (failure) see(tape, 'ReturnValuesOnConditionCheckFailure');
  return {
    ConditionExpression,
    ...bound.parameters(),
    ...(failure && { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
  };
}

function projection(tape: Tape, oneIn: number): Record<string, unknown> {
  if (!seldom(tape, oneIn)) return {};
  const bound = binder(tape);
  const ProjectionExpression = paths(tape, bound);
  return { ProjectionExpression, ...bound.parameters() };
}

function paths(tape: Tape, bound: Binder): string {
  see(tape, 'projection');
  return choose(tape, [1, 2, 3]) === 1
    ? path(tape, bound)
    : `${path(tape, bound)}, ${mistake(tape, 3) ? path(tape, bound) : bound.name('q')}`;
}

function update(tape: Tape, shape: TableShape): Record<string, unknown> {
  const Key = key(tape, shape);
  if (seldom(tape, 30)) return { Key };
  const bound = binder(tape);
  const sections: string[] = [];
  // Each attribute is written once, but for mistakes.
  const free = new Set(NAMES);
  const take = (names: readonly string[]) => {
    const name = choose(tape, mistake(tape, 30) ? names : names.filter((one) => free.has(one)));
    free.delete(name);
    return name;
  };
  if (seldom(tape, 3)) sections.push(`ADD ${adding(tape, bound, free)}`);
  if (free.has('s') && seldom(tape, 4)) {
    see(tape, 'DELETE');
    free.delete('s');
    const set = mistake(tape, 8) ? value(tape) : setValue(tape);
    sections.push(`DELETE ${bound.name('s')} ${bound.value(set)}`);
  }
  if (seldom(tape, 3)) {
    see(tape, 'REMOVE');
    sections.push(`REMOVE ${below(tape, bound, take(NAMES))}`);
  }
  if (!seldom(tape, 3) || sections.length === 0) {
    const count = choose(tape, [1, 1, 2]);
    const parts = Array.from({ length: count }, () => assignment(tape, bound, take(NAMES)));
    sections.push(`SET ${parts.join(', ')}`);
  }
  let ConditionExpression: string | undefined;
  if (seldom(tape, 3)) {
    see(tape, 'condition');
    ConditionExpression = predicate(tape, bound, 0);
  }
  return {
    Key,
    UpdateExpression: sections.join(' '),
    ...(ConditionExpression && { ConditionExpression }),
    ...(seldom(tape, 3) && { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
    ...bound.parameters(),
  };
}

function assignment(tape: Tape, bound: Binder, name: string): string {
  const target = mistake(tape, 40) ? 'pk' : below(tape, bound, name);
  return `${target} = ${sum(tape, bound)}`;
}

function sum(tape: Tape, bound: Binder): string {
  const kind = choose(tape, ['value', '+', '-', 'if_not_exists', 'list_append', 'path', 'value']);
  see(tape, `SET ${kind}`);
  const numeric = () =>
    seldom(tape, 3) ? bound.name('n') : bound.value(mistake(tape, 12) ? value(tape) : number(tape));
  const list = () => (seldom(tape, 2) ? bound.name('l') : bound.value({ L: [value(tape)] }));
  switch (kind) {
    case '+':
    case '-':
      return seldom(tape, 2)
        ? `if_not_exists(${bound.name('n')}, ${bound.value(number(tape))}) ${kind} ${numeric()}`
        : `${numeric()} ${kind} ${numeric()}`;
    case 'if_not_exists':
      return `if_not_exists(${path(tape, bound)}, ${bound.value(value(tape))})`;
    case 'list_append':
      return `list_append(${list()}, ${list()})`;
    case 'path':
      return path(tape, bound);
    default:
      return bound.value(value(tape));
  }
}

function adding(tape: Tape, bound: Binder, free: Set<string>): string {
  if (seldom(tape, 2)) {
    see(tape, 'ADD set');
    free.delete('s');
    return `${bound.name('s')} ${bound.value(setValue(tape))}`;
  }
  see(tape, 'ADD number');
  free.delete('n');
  return `${bound.name('n')} ${bound.value(mistake(tape, 12) ? value(tape) : number(tape))}`;
}

function query(tape: Tape, shape: TableShape): Record<string, unknown> {
  const index =
    shape.indexes.length > 0 && seldom(tape, 2) ? choose(tape, shape.indexes) : undefined;
  const keys = index ?? shape;
  if (index) see(tape, 'index query');
  const bound = binder(tape);
  const hash = keyValue(tape, keys.hash);
  let text = `${bound.name(keys.hash.name)} = ${bound.value(hash)}`;
  if (keys.range && !seldom(tape, 3)) text += ` AND ${sortCondition(tape, bound, keys.range)}`;
  const FilterExpression = seldom(tape, 3) ? predicate(tape, bound, 0) : undefined;
  if (FilterExpression) see(tape, 'filter');
  return {
    KeyConditionExpression: text,
    ...(FilterExpression && { FilterExpression }),
    ...(index && { IndexName: index.name }),
    ...page(tape, bound, shape, index, { [keys.hash.name]: hash }),
    ...(seldom(tape, 2) && { ScanIndexForward: false }),
    ...bound.parameters(),
  };
}

function sortCondition(tape: Tape, bound: Binder, range: Key): string {
  const by = choose(tape, ['=', '<', '<=', '>', '>=', 'BETWEEN', 'begins_with']);
  const name = bound.name(range.name);
  const operand = () => bound.value(keyValue(tape, range));
  see(tape, `key ${by}`);
  if (by === 'BETWEEN') return `${name} BETWEEN ${operand()} AND ${operand()}`;
  if (by !== 'begins_with') return `${name} ${by} ${operand()}`;
  return range.type === 'N' ? `${name} = ${operand()}` : `begins_with(${name}, ${operand()})`;
}

function scan(tape: Tape, shape: TableShape): Record<string, unknown> {
  const index =
    shape.indexes.length > 0 && seldom(tape, 3) ? choose(tape, shape.indexes) : undefined;
  if (index) see(tape, 'index scan');
  const bound = binder(tape);
  const FilterExpression = seldom(tape, 2) ? predicate(tape, bound, 0) : undefined;
  if (FilterExpression) see(tape, 'filter');
  return {
    ...(FilterExpression && { FilterExpression }),
    ...(index && { IndexName: index.name }),
    ...page(tape, bound, shape, index, undefined),
    ...bound.parameters(),
  };
}

function page(
  tape: Tape,
  bound: Binder,
  shape: TableShape,
  index: TableShape['indexes'][number] | undefined,
  partition: WireItem | undefined,
): Record<string, unknown> {
  const result: Record<string, unknown> = { ...(!index && consistent(tape)) };
  if (seldom(tape, 3)) {
    see(tape, 'Limit');
    result['Limit'] = choose(tape, [1, 2, 3]);
  }
  // Where a scan goes on depends on the order of partitions, which is nobody's business.
  if (partition && (index || shape.range) && seldom(tape, 4)) {
    see(tape, 'ExclusiveStartKey');
    const start = key(tape, shape);
    if (index) {
      start[index.hash.name] = keyValue(tape, index.hash);
      if (index.range) start[index.range.name] = keyValue(tape, index.range);
    }
    result['ExclusiveStartKey'] = { ...start, ...partition };
  }
  if (seldom(tape, 6)) {
    see(tape, 'Select COUNT');
    result['Select'] = 'COUNT';
  } else if (seldom(tape, 4)) {
    const isPartial = index && index.projection !== 'ALL' && !seldom(tape, 12);
    result['ProjectionExpression'] = isPartial ? bound.name('pk') : paths(tape, bound);
  }
  return result;
}

function batchGet(tape: Tape, suffix: string): Record<string, unknown> {
  const RequestItems: Record<string, unknown> = {};
  for (let count = choose(tape, [1, 1, 2]); count > 0; count--) {
    const shape = choose(tape, SHAPES);
    const keys = Array.from({ length: choose(tape, [1, 2, 3]) }, () => key(tape, shape));
    RequestItems[shape.name + suffix] = {
      Keys: keys,
      ...consistent(tape),
      ...projection(tape, 3),
    };
  }
  return { RequestItems };
}

function batchWrite(tape: Tape, suffix: string): Record<string, unknown> {
  const RequestItems: Record<string, unknown> = {};
  for (let count = choose(tape, [1, 1, 2]); count > 0; count--) {
    const shape = choose(tape, SHAPES);
    RequestItems[shape.name + suffix] = Array.from({ length: choose(tape, [1, 2, 3]) }, () =>
      seldom(tape, 3)
        ? { DeleteRequest: { Key: key(tape, shape) } }
        : { PutRequest: { Item: item(tape, shape) } },
    );
  }
  return { RequestItems };
}

function transactGet(tape: Tape, suffix: string): Record<string, unknown> {
  const TransactItems = Array.from({ length: choose(tape, [1, 2, 3]) }, () => {
    const shape = choose(tape, SHAPES);
    return { Get: { TableName: shape.name + suffix, ...get(tape, shape) } };
  });
  return { TransactItems };
}

function transactWrite(tape: Tape, suffix: string): Record<string, unknown> {
  const TransactItems = Array.from({ length: choose(tape, [1, 2, 2, 3]) }, () => {
    const shape = choose(tape, SHAPES);
    const TableName = shape.name + suffix;
    const kind = choose(tape, [
      'Put',
      'Update',
      'Delete',
      'ConditionCheck',
      'Put',
      'Update',
    ] as const);
    see(tape, `transact ${kind}`);
    if (kind === 'Put') return { Put: { TableName, ...put(tape, shape) } };
    if (kind === 'Delete') return { Delete: { TableName, ...remove(tape, shape) } };
    if (kind === 'Update') {
      const { UpdateExpression, ...rest } = update(tape, shape);
      if (!UpdateExpression)
        return { Update: { TableName, ...rest, UpdateExpression: 'REMOVE w' } };
      return { Update: { TableName, UpdateExpression, ...rest } };
    }
    const check = condition(tape, 1);
    return { ConditionCheck: { TableName, Key: key(tape, shape), ...check } };
  });
  const ClientRequestToken = seldom(tape, 4) ? choose(tape, ['one', 'two']) : undefined;
  if (ClientRequestToken) see(tape, 'ClientRequestToken');
  return { TransactItems, ...(ClientRequestToken && { ClientRequestToken }) };
}

/** A condition or filter. */
function predicate(tape: Tape, bound: Binder, depth: number): string {
  const kinds = [...PREDICATES, ...(depth < 2 ? ['AND', 'OR', 'NOT'] : [])];
  const kind = choose(tape, kinds);
  see(tape, kind);
  const below = () => predicate(tape, bound, depth + 1);
  switch (kind) {
    case 'AND':
    case 'OR':
      return depth > 0 ? `(${below()} ${kind} ${below()})` : `${below()} ${kind} ${below()}`;
    case 'NOT':
      return `NOT ${below()}`;
    case 'BETWEEN':
      return `${path(tape, bound)} BETWEEN ${bounds(tape, bound)}`;
    case 'IN':
      return `${path(tape, bound)} IN (${operand(tape, bound)}, ${operand(tape, bound)})`;
    case 'attribute_exists':
    case 'attribute_not_exists':
      return `${kind}(${path(tape, bound)})`;
    case 'attribute_type':
      return `attribute_type(${path(tape, bound)}, ${bound.value({ S: choose(tape, TYPES) })})`;
    case 'begins_with': {
      const prefix = choose(tape, [{ S: 'a' }, { S: '' }, { B: bytes('a') }, { S: 'é' }]);
      return `begins_with(${path(tape, bound)}, ${bound.value(prefix)})`;
    }
    case 'contains':
      return `contains(${path(tape, bound)}, ${bound.value(scalar(tape))})`;
    case 'size':
      return `size(${path(tape, bound)}) ${choose(tape, ['>', '=', '<='])} ${bound.value({ N: choose(tape, ['0', '1', '2']) })}`;
    case '=':
    case '<>':
      return `${path(tape, bound)} ${kind} ${operand(tape, bound)}`;
    default:
      return `${path(tape, bound)} ${kind} ${seldom(tape, 6) ? bound.name('z') : bound.value(sortable(tape))}`;
  }
}

const PREDICATES = [
  '=',
  '<>',
  '<',
  '<=',
  '>',
  '>=',
  'BETWEEN',
  'IN',
  'attribute_exists',
  'attribute_not_exists',
  'attribute_type',
  'begins_with',
  'contains',
  'size',
];
const TYPES = ['S', 'N', 'B', 'BOOL', 'NULL', 'SS', 'NS', 'BS', 'L', 'M'];

/** An attribute that no other path of these requests begins with, or a value. */
function operand(tape: Tape, bound: Binder): string {
  return seldom(tape, 6) ? bound.name('z') : bound.value(value(tape));
}

function path(tape: Tape, bound: Binder): string {
  return below(tape, bound, choose(tape, NAMES.slice(0, -1)));
}

/** A path that begins with an attribute, and perhaps goes on into it. */
function below(tape: Tape, bound: Binder, first: string): string {
  const name = bound.name(first);
  if (first === 'm' && seldom(tape, 2)) {
    see(tape, 'map path');
    return `${name}.${bound.name(choose(tape, ['a', 'b']))}`;
  }
  if (first === 'l' && seldom(tape, 2)) {
    see(tape, 'list path');
    return `${name}[${choose(tape, [0, 1])}]`;
  }
  return name;
}

/** Collects the placeholders of a request. */
interface Binder {
  name(name: string): string;
  value(value: Wire): string;
  parameters(): Record<string, unknown>;
}

function binder(tape: Tape): Binder {
  const names: Record<string, string> = {};
  const values: Record<string, Wire> = {};
  let count = 0;
  return {
    name(name) {
      if (!seldom(tape, 3)) return name;
      see(tape, 'name placeholder');
      names[`#${name}`] = name;
      return mistake(tape, 100) ? '#undefined' : `#${name}`;
    },
    value(value) {
      const placeholder = `:v${count++}`;
      values[placeholder] = value;
      return mistake(tape, 150) ? ':undefined' : placeholder;
    },
    parameters() {
      return {
        ...(Object.keys(names).length > 0 && { ExpressionAttributeNames: names }),
        ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
      };
    },
  };
}

function item(tape: Tape, shape: TableShape): WireItem {
  const result: WireItem = seldom(tape, 60) ? {} : key(tape, shape);
  for (let count = choose(tape, [0, 1, 2, 3, 4, 5]); count > 0; count--) {
    const name = choose(tape, NAMES);
    result[name] = attribute(tape, name);
  }
  return result;
}

/** Mostly of the type that its name stands for, so that expressions meet what they expect. */
function attribute(tape: Tape, name: string): Wire {
  if (seldom(tape, 12)) return value(tape);
  switch (name) {
    case 'n':
      return number(tape);
    case 'x':
      return { S: choose(tape, ['a', 'b', 'c']) };
    case 'l':
      return { L: [value(tape), scalar(tape)].slice(0, choose(tape, [2, 1, 0])) };
    case 'm':
      return { M: { a: value(tape), b: scalar(tape) } };
    case 's':
      return setValue(tape);
    default:
      return value(tape);
  }
}

function key(tape: Tape, shape: TableShape): WireItem {
  const { hash, range } = shape;
  const result: WireItem = { [hash.name]: keyValue(tape, hash) };
  if (range && !seldom(tape, 80)) result[range.name] = keyValue(tape, range);
  return result;
}

function keyValue(tape: Tape, { type }: Key): Wire {
  if (mistake(tape, 150)) return value(tape);
  if (type === 'S') return { S: choose(tape, ['a', 'b', 'ab', 'é', '\u{1f600}', '\uffee']) };
  if (type === 'B') return { B: bytes(choose(tape, ['a', 'b', 'ab', 'é'])) };
  return { N: choose(tape, ['1', '-1', '0', '2.50', '1e3', '-0.001', '12345678901234567890']) };
}

function scalar(tape: Tape): Wire {
  return choose(tape, [
    { S: 'a' },
    { N: '1' },
    { S: '' },
    { BOOL: true },
    { NULL: true },
    { B: bytes('a') },
    { S: 'ab' },
    { N: '2.50' },
    { BOOL: false },
    { S: 'aé\u{1f600}' },
  ]);
}

/** The bounds of a BETWEEN: mostly of one type and in order. */
function bounds(tape: Tape, bound: Binder): string {
  const [low, high] = mistake(tape, 12)
    ? [sortable(tape), sortable(tape)]
    : choose(tape, [
        [{ S: 'a' }, { S: 'b' }],
        [{ N: '-1' }, { N: '2.50' }],
        [{ N: '1' }, { N: '1' }],
        [{ S: '' }, { S: '\u{1f600}' }],
        [{ B: bytes('a') }, { B: bytes('b') }],
      ]);
  return `${bound.value(low as Wire)} AND ${bound.value(high as Wire)}`;
}

/** A value that has an order. */
function sortable(tape: Tape): Wire {
  return seldom(tape, 2)
    ? choose(tape, [{ S: 'a' }, { S: '' }, { S: 'b' }, { B: bytes('a') }, { S: '\u{1f600}' }])
    : number(tape);
}

function number(tape: Tape): Wire {
  return {
    N: choose(tape, ['1', '-1', '0', '2.50', '1e3', '9007199254740993', '-0.001', '1e-20', '3']),
  };
}

function setValue(tape: Tape): Wire {
  return choose(tape, [
    { SS: ['a'] },
    { SS: ['a', 'b'] },
    { NS: ['1', '2.5'] },
    { BS: [bytes('a'), bytes('b')] },
    { NS: ['1'] },
    { SS: ['c', 'b'] },
  ]);
}

function value(tape: Tape): Wire {
  const kind = choose(tape, ['scalar', 'scalar', 'number', 'set', 'list', 'map', 'scalar', 'big']);
  switch (kind) {
    case 'number':
      return number(tape);
    case 'set':
      return setValue(tape);
    case 'list':
      return { L: [scalar(tape), number(tape)] };
    case 'map':
      return { M: { a: scalar(tape), b: number(tape) } };
    case 'big':
      return seldom(tape, 3)
        ? { S: 'x'.repeat(choose(tape, BORDERS) - choose(tape, SHORT)) }
        : scalar(tape);
    default:
      return scalar(tape);
  }
}

/** Just short of where another unit begins, so that a miscounted byte is seen. */
const BORDERS = [1024, 2048, 4096];
const SHORT = Array.from({ length: 48 }, (_, index) => index);

function bytes(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text));
}

function consistent(tape: Tape): Record<string, unknown> {
  return seldom(tape, 2) ? { ConsistentRead: true } : {};
}

function returnCapacity(tape: Tape): Record<string, unknown> {
  const mode = choose(tape, ['INDEXES', 'TOTAL', 'INDEXES', 'NONE']);
  see(tape, `capacity ${mode}`);
  return { ReturnConsumedCapacity: mode };
}

function returnValues(tape: Tape, allowed: readonly string[]): Record<string, unknown> {
  const wanted = choose(tape, allowed);
  see(tape, `ReturnValues ${wanted}`);
  return { ReturnValues: wanted };
}
