/** DynamoDB's requests as they lie on the wire: which tables, how many items, how large. Pure. */

export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}

export function isRecord(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function recordOf(value: Json | undefined): JsonObject {
  return isRecord(value) ? value : {};
}

export function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

/** One write or read within a request: `Put` and the like in a transaction, `PutRequest` in a batch. */
export interface Action {
  readonly kind: string;
  readonly table: string;
  readonly body: JsonObject;
}

/** The actions of a request, in their order; a plain request is its own only action. */
export function actionsOf(operation: string, input: JsonObject): readonly Action[] {
  const actions: Action[] = [];
  switch (operation) {
    case 'TransactWriteItems':
    case 'TransactGetItems':
      for (const item of listOf(input['TransactItems'])) {
        for (const [kind, body] of Object.entries(recordOf(item))) {
          actions.push(actionOn(kind, recordOf(body)));
        }
      }
      break;
    case 'BatchWriteItem':
      for (const [name, requests] of Object.entries(recordOf(input['RequestItems']))) {
        const table = tableName(name);
        for (const request of listOf(requests)) {
          for (const [kind, body] of Object.entries(recordOf(request))) {
            actions.push({ kind, table, body: recordOf(body) });
          }
        }
      }
      break;
    case 'BatchGetItem':
      for (const [name, request] of Object.entries(recordOf(input['RequestItems']))) {
        const table = tableName(name);
        for (const key of listOf(recordOf(request)['Keys'])) {
          actions.push({ kind: 'Get', table, body: { Key: key } });
        }
      }
      break;
    default:
      if (typeof input['TableName'] === 'string') actions.push(actionOn(operation, input));
  }
  return actions;
}

/** A write of one item by itself. */
export function isPlainWrite(operation: string): boolean {
  return PLAIN_WRITES.has(operation);
}

export function isWrite(operation: string): boolean {
  return (
    PLAIN_WRITES.has(operation) ||
    operation === 'BatchWriteItem' ||
    operation === 'TransactWriteItems'
  );
}

const PLAIN_WRITES: ReadonlySet<string> = new Set(['PutItem', 'UpdateItem', 'DeleteItem']);

/** Each once, in the order of the actions. */
export function tablesOf(actions: readonly Action[]): readonly string[] {
  const tables: string[] = [];
  for (const { table } of actions) if (!tables.includes(table)) tables.push(table);
  return tables;
}

/** Items as asked for: 1 for a query or scan, however many it finds. */
export function countItems(operation: string, input: JsonObject): number {
  return actionsOf(operation, input).length;
}

function actionOn(kind: string, body: JsonObject): Action {
  return { kind, table: tableName(String(body['TableName'] ?? '')), body };
}

/** The name within an ARN, where one is given in its place. */
function tableName(nameOrArn: string): string {
  return nameOrArn.startsWith('arn:') ? nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1) : nameOrArn;
}

/** The size of an item in bytes, by DynamoDB's rules: names and values, in UTF-8. */
export function itemBytes(item: JsonObject): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(item)) {
    bytes += Buffer.byteLength(name) + valueBytes(recordOf(value));
  }
  return bytes;
}

/** The size of an attribute value such as `{ S: 'text' }`. */
export function valueBytes(value: JsonObject): number {
  const [type, content] = Object.entries(value)[0] ?? [];
  switch (type) {
    case 'S':
      return Buffer.byteLength(String(content));
    case 'N':
      return numberBytes(String(content));
    case 'B':
      return Buffer.byteLength(String(content), 'base64');
    case 'SS':
    case 'NS':
    case 'BS':
      return listOf(content).reduce<number>(
        (bytes, member) => bytes + valueBytes({ [type.charAt(0)]: member }),
        0,
      );
    case 'L':
      return listOf(content).reduce<number>(
        (bytes, member) => bytes + 1 + valueBytes(recordOf(member)),
        3,
      );
    case 'M':
      return 3 + Object.keys(recordOf(content)).length + itemBytes(recordOf(content));
    default:
      return 1; // BOOL, NULL
  }
}

/** About one byte for two significant digits, and one; another for a minus sign. */
function numberBytes(text: string): number {
  const mantissa = (/^-?([0-9.]*)/.exec(text)?.[1] ?? '').replace('.', '');
  const significant = mantissa.replace(/^0+/, '').replace(/0+$/, '').length;
  return Math.ceil(significant / 2) + 1 + (text.startsWith('-') ? 1 : 0);
}

/** The operations on data, which all can say what they consumed; others create or describe tables. */
export const DATA_OPERATIONS: ReadonlySet<string> = new Set([
  'GetItem',
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'Query',
  'Scan',
  'BatchGetItem',
  'BatchWriteItem',
  'TransactGetItems',
  'TransactWriteItems',
]);
