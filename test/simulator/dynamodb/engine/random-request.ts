/** Random requests: small tables, few keys, every operation and every kind of expression. */
import type { TableDefinition } from '../../../../src/simulator/dynamodb/engine/schema.ts';
import { type ChoiceSequence, choose, mark, mistake, seldom } from './choice-sequence.ts';

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

/** Definitions of the four tables, with a suffix to their names. */
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

export function request(choices: ChoiceSequence, suffix: string): Request {
  const made = make(choices, suffix);
  mark(choices, made.operation);
  return made;
}

function schemaOf({ hash, range }: { readonly hash: Key; readonly range?: Key }) {
  return [
    { AttributeName: hash.name, KeyType: 'HASH' as const },
    ...(range ? [{ AttributeName: range.name, KeyType: 'RANGE' as const }] : []),
  ];
}

function make(choices: ChoiceSequence, suffix: string): Request {
  const operation = choose(choices, OPERATIONS);
  const shape = choose(choices, SHAPES);
  choices.careful = CAREFUL.has(operation);
  const TableName = seldom(choices, 120) ? `Missing${suffix}` : shape.name + suffix;
  const capacity = returnCapacity(choices);
  switch (operation) {
    case 'PutItem':
      return {
        operation,
        input: { TableName, ...put(choices, shape), ...capacity, ...returnValues(choices, OLD) },
      };
    case 'DeleteItem':
      return {
        operation,
        input: { TableName, ...remove(choices, shape), ...capacity, ...returnValues(choices, OLD) },
      };
    case 'UpdateItem':
      return {
        operation,
        input: { TableName, ...update(choices, shape), ...capacity, ...returnValues(choices, ALL) },
      };
    case 'GetItem':
      return {
        operation,
        input: { TableName, ...get(choices, shape), ...consistent(choices), ...capacity },
      };
    case 'Query':
      return { operation, input: { TableName, ...query(choices, shape), ...capacity } };
    case 'Scan':
      return { operation, input: { TableName, ...scan(choices, shape), ...capacity } };
    case 'BatchGetItem':
      return { operation, input: { ...batchGet(choices, suffix), ...capacity } };
    case 'BatchWriteItem':
      return { operation, input: { ...batchWrite(choices, suffix), ...capacity } };
    case 'TransactGetItems':
      return { operation, input: { ...transactGet(choices, suffix), ...capacity } };
    default:
      return { operation, input: { ...transactWrite(choices, suffix), ...capacity } };
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

function put(choices: ChoiceSequence, shape: TableShape): Record<string, unknown> {
  return { Item: item(choices, shape), ...condition(choices, 2) };
}

function remove(choices: ChoiceSequence, shape: TableShape): Record<string, unknown> {
  return { Key: key(choices, shape), ...condition(choices, 2) };
}

function get(choices: ChoiceSequence, shape: TableShape): Record<string, unknown> {
  return { Key: key(choices, shape), ...projection(choices, 3) };
}

/** Optional parts are omitted by an exhausted sequence. */
function condition(choices: ChoiceSequence, oneIn: number): Record<string, unknown> {
  if (!seldom(choices, oneIn)) return {};
  const bound = binder(choices);
  const ConditionExpression = predicate(choices, bound, 0);
  mark(choices, 'condition');
  const failure = seldom(choices, 2);
  if (failure) mark(choices, 'ReturnValuesOnConditionCheckFailure');
  return {
    ConditionExpression,
    ...bound.parameters(),
    ...(failure && { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
  };
}

function projection(choices: ChoiceSequence, oneIn: number): Record<string, unknown> {
  if (!seldom(choices, oneIn)) return {};
  const bound = binder(choices);
  const ProjectionExpression = paths(choices, bound);
  return { ProjectionExpression, ...bound.parameters() };
}

function paths(choices: ChoiceSequence, bound: Binder): string {
  mark(choices, 'projection');
  return choose(choices, [1, 2, 3]) === 1
    ? path(choices, bound)
    : `${path(choices, bound)}, ${mistake(choices, 3) ? path(choices, bound) : bound.name('q')}`;
}

function update(choices: ChoiceSequence, shape: TableShape): Record<string, unknown> {
  const Key = key(choices, shape);
  if (seldom(choices, 30)) return { Key };
  const bound = binder(choices);
  const sections: string[] = [];
  // Each attribute is written once, except by mistake.
  const free = new Set(NAMES);
  const take = (names: readonly string[]) => {
    const name = choose(
      choices,
      mistake(choices, 30) ? names : names.filter((one) => free.has(one)),
    );
    free.delete(name);
    return name;
  };
  if (seldom(choices, 3)) sections.push(`ADD ${adding(choices, bound, free)}`);
  if (free.has('s') && seldom(choices, 4)) {
    mark(choices, 'DELETE');
    free.delete('s');
    const set = mistake(choices, 8) ? value(choices) : setValue(choices);
    sections.push(`DELETE ${bound.name('s')} ${bound.value(set)}`);
  }
  if (seldom(choices, 3)) {
    mark(choices, 'REMOVE');
    sections.push(`REMOVE ${below(choices, bound, take(NAMES))}`);
  }
  if (!seldom(choices, 3) || sections.length === 0) {
    const count = choose(choices, [1, 1, 2]);
    const parts = Array.from({ length: count }, () => assignment(choices, bound, take(NAMES)));
    sections.push(`SET ${parts.join(', ')}`);
  }
  let ConditionExpression: string | undefined;
  if (seldom(choices, 3)) {
    mark(choices, 'condition');
    ConditionExpression = predicate(choices, bound, 0);
  }
  return {
    Key,
    UpdateExpression: sections.join(' '),
    ...(ConditionExpression && { ConditionExpression }),
    ...(seldom(choices, 3) && { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
    ...bound.parameters(),
  };
}

function assignment(choices: ChoiceSequence, bound: Binder, name: string): string {
  const target = mistake(choices, 40) ? 'pk' : below(choices, bound, name);
  return `${target} = ${sum(choices, bound)}`;
}

function sum(choices: ChoiceSequence, bound: Binder): string {
  const kind = choose(choices, [
    'value',
    '+',
    '-',
    'if_not_exists',
    'list_append',
    'path',
    'value',
  ]);
  mark(choices, `SET ${kind}`);
  const numeric = () =>
    seldom(choices, 3)
      ? bound.name('n')
      : bound.value(mistake(choices, 12) ? value(choices) : number(choices));
  const list = () => (seldom(choices, 2) ? bound.name('l') : bound.value({ L: [value(choices)] }));
  switch (kind) {
    case '+':
    case '-':
      return seldom(choices, 2)
        ? `if_not_exists(${bound.name('n')}, ${bound.value(number(choices))}) ${kind} ${numeric()}`
        : `${numeric()} ${kind} ${numeric()}`;
    case 'if_not_exists':
      return `if_not_exists(${path(choices, bound)}, ${bound.value(value(choices))})`;
    case 'list_append':
      return `list_append(${list()}, ${list()})`;
    case 'path':
      return path(choices, bound);
    default:
      return bound.value(value(choices));
  }
}

function adding(choices: ChoiceSequence, bound: Binder, free: Set<string>): string {
  if (seldom(choices, 2)) {
    mark(choices, 'ADD set');
    free.delete('s');
    return `${bound.name('s')} ${bound.value(setValue(choices))}`;
  }
  mark(choices, 'ADD number');
  free.delete('n');
  return `${bound.name('n')} ${bound.value(mistake(choices, 12) ? value(choices) : number(choices))}`;
}

function query(choices: ChoiceSequence, shape: TableShape): Record<string, unknown> {
  const index =
    shape.indexes.length > 0 && seldom(choices, 2) ? choose(choices, shape.indexes) : undefined;
  const keys = index ?? shape;
  if (index) mark(choices, 'index query');
  const bound = binder(choices);
  const hash = keyValue(choices, keys.hash);
  let text = `${bound.name(keys.hash.name)} = ${bound.value(hash)}`;
  if (keys.range && !seldom(choices, 3))
    text += ` AND ${sortCondition(choices, bound, keys.range)}`;
  const FilterExpression = seldom(choices, 3) ? predicate(choices, bound, 0) : undefined;
  if (FilterExpression) mark(choices, 'filter');
  return {
    KeyConditionExpression: text,
    ...(FilterExpression && { FilterExpression }),
    ...(index && { IndexName: index.name }),
    ...page(choices, bound, shape, index, { [keys.hash.name]: hash }),
    ...(seldom(choices, 2) && { ScanIndexForward: false }),
    ...bound.parameters(),
  };
}

function sortCondition(choices: ChoiceSequence, bound: Binder, range: Key): string {
  const by = choose(choices, ['=', '<', '<=', '>', '>=', 'BETWEEN', 'begins_with']);
  const name = bound.name(range.name);
  const operand = () => bound.value(keyValue(choices, range));
  mark(choices, `key ${by}`);
  if (by === 'BETWEEN') return `${name} BETWEEN ${operand()} AND ${operand()}`;
  if (by !== 'begins_with') return `${name} ${by} ${operand()}`;
  return range.type === 'N' ? `${name} = ${operand()}` : `begins_with(${name}, ${operand()})`;
}

function scan(choices: ChoiceSequence, shape: TableShape): Record<string, unknown> {
  const index =
    shape.indexes.length > 0 && seldom(choices, 3) ? choose(choices, shape.indexes) : undefined;
  if (index) mark(choices, 'index scan');
  const bound = binder(choices);
  const FilterExpression = seldom(choices, 2) ? predicate(choices, bound, 0) : undefined;
  if (FilterExpression) mark(choices, 'filter');
  return {
    ...(FilterExpression && { FilterExpression }),
    ...(index && { IndexName: index.name }),
    ...page(choices, bound, shape, index, undefined),
    ...bound.parameters(),
  };
}

function page(
  choices: ChoiceSequence,
  bound: Binder,
  shape: TableShape,
  index: TableShape['indexes'][number] | undefined,
  partition: WireItem | undefined,
): Record<string, unknown> {
  const result: Record<string, unknown> = { ...(!index && consistent(choices)) };
  if (seldom(choices, 3)) {
    mark(choices, 'Limit');
    result['Limit'] = choose(choices, [1, 2, 3]);
  }
  // Not for scans of partitions: DynamoDB doesn't define their order.
  if (partition && (index || shape.range) && seldom(choices, 4)) {
    mark(choices, 'ExclusiveStartKey');
    const start = key(choices, shape);
    if (index) {
      start[index.hash.name] = keyValue(choices, index.hash);
      if (index.range) start[index.range.name] = keyValue(choices, index.range);
    }
    result['ExclusiveStartKey'] = { ...start, ...partition };
  }
  if (seldom(choices, 6)) {
    mark(choices, 'Select COUNT');
    result['Select'] = 'COUNT';
  } else if (seldom(choices, 4)) {
    const isPartial = index && index.projection !== 'ALL' && !seldom(choices, 12);
    result['ProjectionExpression'] = isPartial ? bound.name('pk') : paths(choices, bound);
  }
  return result;
}

function batchGet(choices: ChoiceSequence, suffix: string): Record<string, unknown> {
  const RequestItems: Record<string, unknown> = {};
  for (let count = choose(choices, [1, 1, 2]); count > 0; count--) {
    const shape = choose(choices, SHAPES);
    const keys = Array.from({ length: choose(choices, [1, 2, 3]) }, () => key(choices, shape));
    RequestItems[shape.name + suffix] = {
      Keys: keys,
      ...consistent(choices),
      ...projection(choices, 3),
    };
  }
  return { RequestItems };
}

function batchWrite(choices: ChoiceSequence, suffix: string): Record<string, unknown> {
  const RequestItems: Record<string, unknown> = {};
  for (let count = choose(choices, [1, 1, 2]); count > 0; count--) {
    const shape = choose(choices, SHAPES);
    RequestItems[shape.name + suffix] = Array.from({ length: choose(choices, [1, 2, 3]) }, () =>
      seldom(choices, 3)
        ? { DeleteRequest: { Key: key(choices, shape) } }
        : { PutRequest: { Item: item(choices, shape) } },
    );
  }
  return { RequestItems };
}

function transactGet(choices: ChoiceSequence, suffix: string): Record<string, unknown> {
  const TransactItems = Array.from({ length: choose(choices, [1, 2, 3]) }, () => {
    const shape = choose(choices, SHAPES);
    return { Get: { TableName: shape.name + suffix, ...get(choices, shape) } };
  });
  return { TransactItems };
}

function transactWrite(choices: ChoiceSequence, suffix: string): Record<string, unknown> {
  const TransactItems = Array.from({ length: choose(choices, [1, 2, 2, 3]) }, () => {
    const shape = choose(choices, SHAPES);
    const TableName = shape.name + suffix;
    const kind = choose(choices, [
      'Put',
      'Update',
      'Delete',
      'ConditionCheck',
      'Put',
      'Update',
    ] as const);
    mark(choices, `transact ${kind}`);
    if (kind === 'Put') return { Put: { TableName, ...put(choices, shape) } };
    if (kind === 'Delete') return { Delete: { TableName, ...remove(choices, shape) } };
    if (kind === 'Update') {
      const { UpdateExpression, ...rest } = update(choices, shape);
      if (!UpdateExpression)
        return { Update: { TableName, ...rest, UpdateExpression: 'REMOVE w' } };
      return { Update: { TableName, UpdateExpression, ...rest } };
    }
    const check = condition(choices, 1);
    return { ConditionCheck: { TableName, Key: key(choices, shape), ...check } };
  });
  const ClientRequestToken = seldom(choices, 4) ? choose(choices, ['one', 'two']) : undefined;
  if (ClientRequestToken) mark(choices, 'ClientRequestToken');
  return { TransactItems, ...(ClientRequestToken && { ClientRequestToken }) };
}

/** A condition or filter. */
function predicate(choices: ChoiceSequence, bound: Binder, depth: number): string {
  const kinds = [...PREDICATES, ...(depth < 2 ? ['AND', 'OR', 'NOT'] : [])];
  const kind = choose(choices, kinds);
  mark(choices, kind);
  const below = () => predicate(choices, bound, depth + 1);
  switch (kind) {
    case 'AND':
    case 'OR':
      return depth > 0 ? `(${below()} ${kind} ${below()})` : `${below()} ${kind} ${below()}`;
    case 'NOT':
      return `NOT ${below()}`;
    case 'BETWEEN':
      return `${path(choices, bound)} BETWEEN ${bounds(choices, bound)}`;
    case 'IN':
      return `${path(choices, bound)} IN (${operand(choices, bound)}, ${operand(choices, bound)})`;
    case 'attribute_exists':
    case 'attribute_not_exists':
      return `${kind}(${path(choices, bound)})`;
    case 'attribute_type':
      return `attribute_type(${path(choices, bound)}, ${bound.value({ S: choose(choices, TYPES) })})`;
    case 'begins_with': {
      const prefix = choose(choices, [{ S: 'a' }, { S: '' }, { B: bytes('a') }, { S: 'é' }]);
      return `begins_with(${path(choices, bound)}, ${bound.value(prefix)})`;
    }
    case 'contains':
      return `contains(${path(choices, bound)}, ${bound.value(scalar(choices))})`;
    case 'size':
      return `size(${path(choices, bound)}) ${choose(choices, ['>', '=', '<='])} ${bound.value({ N: choose(choices, ['0', '1', '2']) })}`;
    case '=':
    case '<>':
      return `${path(choices, bound)} ${kind} ${operand(choices, bound)}`;
    default:
      return `${path(choices, bound)} ${kind} ${seldom(choices, 6) ? bound.name('z') : bound.value(sortable(choices))}`;
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

/** An attribute that no other path begins with, or a value. */
function operand(choices: ChoiceSequence, bound: Binder): string {
  return seldom(choices, 6) ? bound.name('z') : bound.value(value(choices));
}

function path(choices: ChoiceSequence, bound: Binder): string {
  return below(choices, bound, choose(choices, NAMES.slice(0, -1)));
}

/** A path that begins with an attribute and may lead into it. */
function below(choices: ChoiceSequence, bound: Binder, first: string): string {
  const name = bound.name(first);
  if (first === 'm' && seldom(choices, 2)) {
    mark(choices, 'map path');
    return `${name}.${bound.name(choose(choices, ['a', 'b']))}`;
  }
  if (first === 'l' && seldom(choices, 2)) {
    mark(choices, 'list path');
    return `${name}[${choose(choices, [0, 1])}]`;
  }
  return name;
}

/** Collects the placeholders of a request. */
interface Binder {
  name(name: string): string;
  value(value: Wire): string;
  parameters(): Record<string, unknown>;
}

function binder(choices: ChoiceSequence): Binder {
  const names: Record<string, string> = {};
  const values: Record<string, Wire> = {};
  let count = 0;
  return {
    name(name) {
      if (!seldom(choices, 3)) return name;
      mark(choices, 'name placeholder');
      names[`#${name}`] = name;
      return mistake(choices, 100) ? '#undefined' : `#${name}`;
    },
    value(value) {
      const placeholder = `:v${count++}`;
      values[placeholder] = value;
      return mistake(choices, 150) ? ':undefined' : placeholder;
    },
    parameters() {
      return {
        ...(Object.keys(names).length > 0 && { ExpressionAttributeNames: names }),
        ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
      };
    },
  };
}

function item(choices: ChoiceSequence, shape: TableShape): WireItem {
  const result: WireItem = seldom(choices, 60) ? {} : key(choices, shape);
  for (let count = choose(choices, [0, 1, 2, 3, 4, 5]); count > 0; count--) {
    const name = choose(choices, NAMES);
    result[name] = attribute(choices, name);
  }
  return result;
}

/** Usually of the type that its name suggests, so that expressions get the types they expect. */
function attribute(choices: ChoiceSequence, name: string): Wire {
  if (seldom(choices, 12)) return value(choices);
  switch (name) {
    case 'n':
      return number(choices);
    case 'x':
      return { S: choose(choices, ['a', 'b', 'c']) };
    case 'l':
      return { L: [value(choices), scalar(choices)].slice(0, choose(choices, [2, 1, 0])) };
    case 'm':
      return { M: { a: value(choices), b: scalar(choices) } };
    case 's':
      return setValue(choices);
    default:
      return value(choices);
  }
}

function key(choices: ChoiceSequence, shape: TableShape): WireItem {
  const { hash, range } = shape;
  const result: WireItem = { [hash.name]: keyValue(choices, hash) };
  if (range && !seldom(choices, 80)) result[range.name] = keyValue(choices, range);
  return result;
}

function keyValue(choices: ChoiceSequence, { type }: Key): Wire {
  if (mistake(choices, 150)) return value(choices);
  if (type === 'S') return { S: choose(choices, ['a', 'b', 'ab', 'é', '\u{1f600}', '\uffee']) };
  if (type === 'B') return { B: bytes(choose(choices, ['a', 'b', 'ab', 'é'])) };
  return { N: choose(choices, ['1', '-1', '0', '2.50', '1e3', '-0.001', '12345678901234567890']) };
}

function scalar(choices: ChoiceSequence): Wire {
  return choose(choices, [
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

/** The bounds of a BETWEEN: usually of one type and in order. */
function bounds(choices: ChoiceSequence, bound: Binder): string {
  const [low, high] = mistake(choices, 12)
    ? [sortable(choices), sortable(choices)]
    : choose(choices, [
        [{ S: 'a' }, { S: 'b' }],
        [{ N: '-1' }, { N: '2.50' }],
        [{ N: '1' }, { N: '1' }],
        [{ S: '' }, { S: '\u{1f600}' }],
        [{ B: bytes('a') }, { B: bytes('b') }],
      ]);
  return `${bound.value(low as Wire)} AND ${bound.value(high as Wire)}`;
}

/** A value that has an order. */
function sortable(choices: ChoiceSequence): Wire {
  return seldom(choices, 2)
    ? choose(choices, [{ S: 'a' }, { S: '' }, { S: 'b' }, { B: bytes('a') }, { S: '\u{1f600}' }])
    : number(choices);
}

function number(choices: ChoiceSequence): Wire {
  return {
    N: choose(choices, ['1', '-1', '0', '2.50', '1e3', '9007199254740993', '-0.001', '1e-20', '3']),
  };
}

function setValue(choices: ChoiceSequence): Wire {
  return choose(choices, [
    { SS: ['a'] },
    { SS: ['a', 'b'] },
    { NS: ['1', '2.5'] },
    { BS: [bytes('a'), bytes('b')] },
    { NS: ['1'] },
    { SS: ['c', 'b'] },
  ]);
}

function value(choices: ChoiceSequence): Wire {
  const kind = choose(choices, [
    'scalar',
    'scalar',
    'number',
    'set',
    'list',
    'map',
    'scalar',
    'big',
  ]);
  switch (kind) {
    case 'number':
      return number(choices);
    case 'set':
      return setValue(choices);
    case 'list':
      return { L: [scalar(choices), number(choices)] };
    case 'map':
      return { M: { a: scalar(choices), b: number(choices) } };
    case 'big':
      return seldom(choices, 3)
        ? { S: 'x'.repeat(choose(choices, BORDERS) - choose(choices, SHORT)) }
        : scalar(choices);
    default:
      return scalar(choices);
  }
}

/** Just below the next capacity unit, so that a miscounted byte shows. */
const BORDERS = [1024, 2048, 4096];
const SHORT = Array.from({ length: 48 }, (_, index) => index);

function bytes(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text));
}

function consistent(choices: ChoiceSequence): Record<string, unknown> {
  return seldom(choices, 2) ? { ConsistentRead: true } : {};
}

function returnCapacity(choices: ChoiceSequence): Record<string, unknown> {
  const mode = choose(choices, ['INDEXES', 'TOTAL', 'INDEXES', 'NONE']);
  mark(choices, `capacity ${mode}`);
  return { ReturnConsumedCapacity: mode };
}

function returnValues(
  choices: ChoiceSequence,
  allowed: readonly string[],
): Record<string, unknown> {
  const wanted = choose(choices, allowed);
  mark(choices, `ReturnValues ${wanted}`);
  return { ReturnValues: wanted };
}
