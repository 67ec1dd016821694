/** The tables of a workload as `CreateTable` takes them. */
import type { KeySchemaElement } from '@aws-sdk/client-dynamodb';
import type { TableInput } from '../dynamodb/client/create-tables.ts';
import type { Key, TableDefinition, TableShape } from '../model/workload.ts';
import { readTableDefinitions } from '../stack-template.ts';

/** Named `<stage>-<name>`. Tables without a shape are those of serverless.yml. */
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
