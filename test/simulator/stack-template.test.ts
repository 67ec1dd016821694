import { setImmediate as turn } from 'node:timers/promises';
import { BatchWriteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, jest, test } from '@jest/globals';
import { createTables } from '../../src/simulator/dynamodb/client/create-tables.ts';
import { readTable } from '../../src/simulator/dynamodb/client/read.ts';
import type { Row } from '../../src/simulator/model/workload.ts';
import { DYNAMODB_SERVERS, startServer } from '../../src/simulator/servers/server.ts';
import {
  functionDefinition,
  readTableDefinitions,
  TemplateUnusable,
  tableDefinitions,
} from '../../src/simulator/stack-template.ts';

// Starting a server is slow on a busy machine.
jest.setTimeout(20_000);
describe('the tables of serverless.yml', () => {
  test('have the names and keys of the domain', () => {
    const tables = readTableDefinitions('test');
    const keys = tables.map(({ input }) => [
      input.TableName,
      ...(input.KeySchema ?? []).map((key) => key.AttributeName),
    ]);
    expect(keys).toEqual([
      ['test-Contributions', 'productId'],
      ['test-Scores', 'userId', 'role'],
      ['test-Events', 'productId', 'eventId'],
      ['test-Quarantine', 'stream', 'record'],
    ]);
    expect(tables[1]?.input.GlobalSecondaryIndexes).toMatchObject([{ IndexName: 'ScoresByRole' }]);
  });

  test.each([...DYNAMODB_SERVERS])('can be created on %s, and read page by page', async (name) => {
    const server = await startServer(name);
    const client = new DynamoDBClient({
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      endpoint: server.endpoint,
    });
    try {
      await createTables(
        client,
        readTableDefinitions('test').map(({ input }) => input),
        () => turn(),
      );
      // Over 1 MB: more than one page.
      const rows = Array.from({ length: 40 }, (_, index) => ({
        productId: `p${index}`,
        eventId: `e${index}`,
        text: 'x'.repeat(40_000),
      }));
      for (let from = 0; from < rows.length; from += 20) {
        const RequestItems = {
          'test-Events': rows.slice(from, from + 20).map(({ productId, eventId, text }) => ({
            PutRequest: {
              Item: { productId: { S: productId }, eventId: { S: eventId }, text: { S: text } },
            },
          })),
        };
        await client.send(new BatchWriteItemCommand({ RequestItems }));
      }
      const scanned: Row[] = [];
      for await (const row of readTable(client, 'test-Events')) scanned.push(row);
      const byId = (left: object, right: object) =>
        JSON.stringify(left) < JSON.stringify(right) ? -1 : 1;
      const sorted = (list: readonly object[]) =>
        list.map((row) => Object.fromEntries(Object.entries(row).sort())).sort(byId);
      expect(sorted(scanned)).toEqual(sorted(rows));
    } finally {
      client.destroy();
      await server.stop();
    }
  });
});

const variable = (name: string) => `\${${name}}`;

describe('a template', () => {
  const template = (tableName: string) => `
service: shop
custom: { prefix: "\${self:service}-\${sls:stage}" }
params: { default: { tail: Rows }, prod: { tail: Lines } }
resources:
  Resources:
    Role: { Type: AWS::IAM::Role, Properties: { RoleName: !Sub "\${AWS::StackName}-x" } }
    Rows:
      Type: AWS::DynamoDB::Table
      DeletionPolicy: !If [IsProd, Retain, Delete]
      Properties:
        TableName: ${tableName}
        KeySchema: []
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true }
        Tags: [{ Key: a, Value: !Ref Role }]`;

  test('may use variables and the short forms of functions', () => {
    const [dev] = tableDefinitions(
      template(variable('self:custom.prefix') + variable("param:tail, 'x'")),
      'dev',
    );
    expect(dev).toEqual({
      logicalId: 'Rows',
      input: { TableName: 'shop-devRows', KeySchema: [] },
    });
    const [prod] = tableDefinitions(
      template(variable('sls:stage') + variable('param:tail')),
      'prod',
    );
    expect(prod?.input.TableName).toBe('prodLines');
  });

  test.each([
    [variable('ssm:/secret'), /^\$\{ssm:\/secret\} can't be resolved$/],
    ['!Sub "x"', /Rows has no TableName/],
    ['[', /not YAML/],
  ])('with the table name %s is refused', (tableName, message) => {
    const read = () => tableDefinitions(template(tableName), 'dev');
    expect(read).toThrow(TemplateUnusable);
    expect(read).toThrow(message);
  });
});

describe('the function of serverless.yml', () => {
  const stack = (memorySize: string) => `
params: { default: { memoryMb: 256 }, large: { memoryMb: 2048 } }
functions: { winner: { role: '\${Role.Arn}', timeout: 30, memorySize: ${memorySize} } }`;

  test.each([
    ['dev', 256],
    ['large', 2048],
  ])('has the time of its definition, and the memory of stage %s', (stage, memoryMb) => {
    const found = functionDefinition(stack(`'\${param:memoryMb}'`), stage);
    expect(found).toEqual({ timeoutMs: 30_000, memoryMb });
  });

  test.each([stack('much'), 'functions: {}'])(
    'is not one without a time and memory: %s',
    (text) => {
      expect(() => functionDefinition(text, 'dev')).toThrow(TemplateUnusable);
    },
  );
});
