/** The actions of a request: one read or write of one table each. */
import { type JsonObject, listOf, objectOf } from './json.ts';

export interface Action {
  /** `Put` and the like in a transaction, `PutRequest` in a batch, else the operation. */
  readonly kind: string;
  readonly table: string;
  readonly body: JsonObject;
}

/** The actions of a request, in order. A query or scan is one action. */
export function actionsOf(operation: string, input: JsonObject): readonly Action[] {
  const actions: Action[] = [];
  switch (operation) {
    case 'TransactWriteItems':
    case 'TransactGetItems':
      for (const item of listOf(input['TransactItems'])) {
        for (const [kind, body] of Object.entries(objectOf(item))) {
          actions.push(actionOn(kind, objectOf(body)));
        }
      }
      break;
    case 'BatchWriteItem':
      for (const [name, requests] of Object.entries(objectOf(input['RequestItems']))) {
        const table = tableName(name);
        for (const request of listOf(requests)) {
          for (const [kind, body] of Object.entries(objectOf(request))) {
            actions.push({ kind, table, body: objectOf(body) });
          }
        }
      }
      break;
    case 'BatchGetItem':
      for (const [name, request] of Object.entries(objectOf(input['RequestItems']))) {
        const table = tableName(name);
        for (const key of listOf(objectOf(request)['Keys'])) {
          actions.push({ kind: 'Get', table, body: { Key: key } });
        }
      }
      break;
    default:
      if (typeof input['TableName'] === 'string') actions.push(actionOn(operation, input));
  }
  return actions;
}

/** Each table once, in the order of the actions. */
export function tablesOf(actions: readonly Action[]): readonly string[] {
  const tables: string[] = [];
  for (const { table } of actions) if (!tables.includes(table)) tables.push(table);
  return tables;
}

function actionOn(kind: string, body: JsonObject): Action {
  return { kind, table: tableName(String(body['TableName'] ?? '')), body };
}

/** The name in an ARN, or the name itself. */
function tableName(nameOrArn: string): string {
  return nameOrArn.startsWith('arn:') ? nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1) : nameOrArn;
}
