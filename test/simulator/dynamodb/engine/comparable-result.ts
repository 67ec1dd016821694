/** Results of the simulated DynamoDB and of a server, in one form. */
import type { SimulatedDynamoDB } from '../../../../src/simulator/dynamodb/engine/database.ts';
import { errorBody } from '../../../../src/simulator/dynamodb/engine/error-body.ts';
import type { Request } from './random-request.ts';

export interface ComparableResult {
  readonly error?: string;
  readonly message?: string;
  readonly reasons?: unknown;
  readonly item?: unknown;
  readonly output?: unknown;
}

export function fromDatabase(
  database: SimulatedDynamoDB,
  { operation, input }: Request,
): ComparableResult {
  try {
    return { output: canonical(database.execute(operation, input)) };
  } catch (error) {
    if (!(error instanceof Error) || !('$metadata' in error)) throw error;
    return fromServer(errorBody(error));
  }
}

export function fromServer(body: Readonly<Record<string, unknown>>): ComparableResult {
  const type = body['__type'];
  if (typeof type !== 'string') return { output: canonical(body) };
  const message = body['message'] ?? body['Message'];
  return failure(
    type.replace(/^.*#/, ''),
    String(message),
    body['CancellationReasons'],
    body['Item'],
  );
}

function failure(
  error: string,
  message: string,
  reasons: unknown,
  item: unknown,
): ComparableResult {
  return {
    error,
    message: bare(message),
    ...(Array.isArray(reasons) && { reasons: reasons.map(reason) }),
    ...(item !== undefined && { item: canonical(item) }),
  };
}

function reason({ Code, Message, Item }: Record<string, unknown>): unknown {
  return {
    Code,
    ...(typeof Message === 'string' && { Message: bare(Message) }),
    ...(Item !== undefined && { Item: canonical(Item) }),
  };
}

/** A message without the prefixes, which differ between servers. */
function bare(message: string): string {
  return message
    .replace(/^1 validation error detected: /, '')
    .replace(/^Invalid \w+Expression: /, '')
    .replace(/; lower bound operand: .*$/, '')
    .replace(/; path one: .*$/, '')
    .replace(/^ExpressionAttributeValues contains invalid value: (.*) for key .*$/, '$1');
}

/** With sorted names and sets, and bytes in base64. */
export function canonical(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(canonical).sort(byTable);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .filter(([, entry]) => entry !== undefined)
    .map(([name, entry]): [string, unknown] => {
      const plain = canonical(entry);
      return [name, isSet(name, plain) ? plain.toSorted() : plain];
    });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The order of consumed capacities is undefined. */
function byTable(left: unknown, right: unknown): number {
  const [a, b] = [left, right].map((entry) => Object(entry).TableName);
  return typeof a === 'string' && typeof b === 'string' && a !== b ? (a < b ? -1 : 1) : 0;
}

function isSet(name: string, value: unknown): value is string[] {
  return (
    (name === 'SS' || name === 'NS' || name === 'BS') &&
    Array.isArray(value) &&
    value.every((entry) => typeof entry === 'string')
  );
}
