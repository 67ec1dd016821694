/**
 * What a request asks for, and what a write changes; rows are named by their tables' keys. Pure.
 */
import { actionsOf } from '../dynamodb/gateway/actions.ts';
import { type JsonObject, objectOf } from '../dynamodb/gateway/json.ts';
import type { Row, TableDefinition } from '../model/workload.ts';

type Tables = readonly TableDefinition[];

/** The rows that a request is about, such as `Balances account-0, Transfers t-3`. */
export function describeRequest(tables: Tables, operation: string, input: JsonObject): string {
  return actionsOf(operation, input)
    .map(({ table, body }) => {
      const definition = tables.find(({ name }) => table.endsWith(`-${name}`));
      const index = body['IndexName'] === undefined ? '' : `.${String(body['IndexName'])}`;
      const item = objectOf(body['Key'] ?? body['Item']);
      const values =
        body['KeyConditionExpression'] === undefined
          ? (definition?.key ?? []).map((name) => wireText(item[name]))
          : queriedValues(body);
      return [`${definition?.name ?? table}${index}`, ...values].join(' ').trimEnd();
    })
    .join(', ');
}

/** What a write changes in a row, such as `Balances account-0: balance -881 → -1762`. */
export function describeWrite(
  tables: Tables,
  table: string,
  before: Row | undefined,
  after: Row | undefined,
): string {
  const key = tables.find(({ name }) => name === table)?.key ?? [];
  const row = [table, ...key.map((name) => valueText((after ?? before)?.[name]))].join(' ');
  if (after === undefined) return `${row}: deleted`;
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after)]);
  const changes = [...names].flatMap((name) => {
    const [was, is] = [valueText(before?.[name]), valueText(after[name])];
    if (was === is || key.includes(name)) return [];
    return [`${name} ${before === undefined ? '' : `${was} → `}${is}`];
  });
  const unchanged = before === undefined ? 'new' : 'unchanged';
  return `${row}: ${changes.join('; ') || unchanged}`;
}

/** The values that a query compares key attributes with, in the order of its key condition. */
function queriedValues(body: JsonObject): string[] {
  const values = objectOf(body['ExpressionAttributeValues']);
  const placeholders = String(body['KeyConditionExpression']).match(/:\w+/g) ?? [];
  return placeholders.map((placeholder) => wireText(values[placeholder]));
}

/** The text of an attribute value such as `{ S: 'text' }`. */
function wireText(value: JsonObject[string] | undefined): string {
  return String(Object.values(objectOf(value))[0] ?? '');
}

function valueText(value: unknown): string {
  if (value === undefined) return 'none';
  if (typeof value !== 'object') return String(value);
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'bigint' ? String(part) : part,
  );
}
