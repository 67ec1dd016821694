/** CreateTable, DeleteTable, DescribeTable, ListTables. Tables are created and deleted at once. */
import type { TableDescription } from '@aws-sdk/client-dynamodb';
import { NotSimulated } from '../../../model/not-simulated.ts';
import { tableExists, tableNotFound } from '../errors.ts';
import { type TableDefinition, tableSchema } from '../schema.ts';
import type { State } from '../state.ts';
import { createTable, type Table } from '../table.ts';
import { createVersions } from '../versions.ts';

/** @throws ResourceInUseException, ValidationException, NotSimulated */
export function addTable(state: State, definition: TableDefinition): Table {
  if ('LocalSecondaryIndexes' in definition) {
    throw new NotSimulated('local secondary indexes of DynamoDB');
  }
  const schema = tableSchema(definition);
  if (state.tables.has(schema.name)) throw tableExists(schema.name);
  const table = createTable(schema, state.staleness && createVersions(state.stalenessMsMax));
  state.tables.set(schema.name, table);
  return table;
}

export function createTableOperation(state: State, input: TableDefinition) {
  return { TableDescription: describe(addTable(state, input)) };
}

export function describeTable(state: State, input: { readonly TableName?: string | undefined }) {
  return { Table: describe(existing(state, input.TableName)) };
}

export function deleteTable(state: State, input: { readonly TableName?: string | undefined }) {
  const table = existing(state, input.TableName);
  state.tables.delete(table.schema.name);
  return { TableDescription: { ...describe(table), TableStatus: 'DELETING' } };
}

export function listTables(state: State) {
  return { TableNames: [...state.tables.keys()].sort() };
}

function existing(state: State, name: string | undefined): Table {
  const table = state.tables.get(name ?? '');
  if (!table) throw tableNotFound(name ?? '');
  return table;
}

function describe({ schema }: Table): TableDescription {
  const { definition, indexes } = schema;
  return {
    TableName: schema.name,
    TableStatus: 'ACTIVE',
    TableArn: `arn:aws:dynamodb:us-east-1:000000000000:table/${schema.name}`,
    KeySchema: [...(definition.KeySchema ?? [])],
    AttributeDefinitions: [...(definition.AttributeDefinitions ?? [])],
    BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
    ...(indexes.length > 0 && {
      GlobalSecondaryIndexes: (definition.GlobalSecondaryIndexes ?? []).map((index) => ({
        ...index,
        IndexStatus: 'ACTIVE',
      })),
    }),
  };
}
