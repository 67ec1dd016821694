/** The tables of a workload as `CreateTable` takes them. */
import type { CreateTableCommandInput, KeySchemaElement } from '@aws-sdk/client-dynamodb';
import type { Key, TableDefinition, TableShape } from '../simulator/model/workload.ts';
import { readTableDefinitions } from './definitions.ts';

export type TableInput = CreateTableCommandInput & { readonly TableName: string };

/** Named `<stage>-<name>`. Those that have no shape of their own are the stack's. */
export function tableInputs(tables: readonly TableDefinition[], stage: string): TableInput[] {
  const own = tables.flatMap(({ name, shape }) =>
    shape === undefined ? [] : [tableInput(`${stage}-${name}`, shape)],
  );
  if (own.length === tables.length) return own;
  return [...own, ...readTableDefinitions(stage).map(({ input }) => input)];
}

function tableInput(TableName: string, { key, indexes = {} }: TableShape): TableInput {
  const keys = [key, ...Object.values(indexes).map((index) => index.key)];
  const types = new Map(keys.flatMap((each) => Object.entries(each)));
  const GlobalSecondaryIndexes = Object.entries(indexes).map(([IndexName, index]) => ({
    IndexName,
    KeySchema: keySchema(index.key),
    Projection: { ProjectionType: index.keysOnly ? ('KEYS_ONLY' as const) : ('ALL' as const) },
  }));
  return {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [...types].map(([AttributeName, AttributeType]) => ({
      AttributeName,
      AttributeType,
    })),
    KeySchema: keySchema(key),
    ...(GlobalSecondaryIndexes.length === 0 ? {} : { GlobalSecondaryIndexes }),
  };
}

function keySchema(key: Key): KeySchemaElement[] {
  return Object.keys(key).map((AttributeName, at) => ({
    AttributeName,
    KeyType: at === 0 ? ('HASH' as const) : ('RANGE' as const),
  }));
}
