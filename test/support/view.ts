/** The view's three tables and the quarantine on a real server, and reads of them. */
import { readFileSync } from 'node:fs';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { TableNames } from '../../src/handler/dynamodb/tables.ts';
import { compare } from '../../src/simulator/check/check.ts';
import { readTable } from '../../src/simulator/dynamodb/client/read.ts';
import { lambdaEvent } from '../../src/simulator/execution/lambda-event.ts';
import type { StreamRecord } from '../../src/simulator/model/stream-record.ts';
import type { Difference, Row } from '../../src/simulator/model/workload.ts';
import { type DynamoDbServerName, startServer } from '../../src/simulator/servers/server.ts';
import { tableDefinitions } from '../../src/simulator/stack-template.ts';
import type { WinnerEvent } from '../../src/simulator/workload/winner/event.ts';
import { winner } from '../../src/simulator/workload/winner/winner.ts';

export interface View {
  readonly client: DynamoDBClient;
  readonly names: TableNames;
  /** The rows that differ from the reference for these events. */
  differences(events: Iterable<WinnerEvent>): Promise<readonly Difference[]>;
  rows(table: 'Contributions' | 'Scores' | 'Events' | 'Quarantine'): Promise<readonly Row[]>;
}

export interface ViewServer {
  /** Each call makes empty tables of its own. */
  createView(): Promise<View>;
  stop(): Promise<void>;
}

export async function startViewServer(name: DynamoDbServerName = 'dynoxide'): Promise<ViewServer> {
  const server = await startServer(name);
  const client = new DynamoDBClient({
    endpoint: server.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  const template = readFileSync(new URL('../../serverless.yml', import.meta.url), 'utf8');
  let views = 0;
  return {
    async createView() {
      const stage = `view${++views}`;
      for (const { input } of tableDefinitions(template, stage)) {
        await client.send(new CreateTableCommand(input));
      }
      const scan = (table: string) => readTable(client, `${stage}-${table}`);
      return {
        client,
        names: {
          contributions: `${stage}-Contributions`,
          scores: `${stage}-Scores`,
          events: `${stage}-Events`,
          quarantine: `${stage}-Quarantine`,
        },
        rows: (table) => Array.fromAsync(scan(table)),
        differences(events) {
          const stored = winner.tables
            .filter((table) => table.compared)
            .map(({ name }) => [name, scan(name)] as const);
          return compare(winner, winner.reference(events), new Map(stored));
        },
      };
    },
    async stop() {
      client.destroy();
      await server.stop();
    },
  };
}

/** A Lambda event; sequence numbers count up from `first`. */
export function batchOf(
  payloads: readonly Uint8Array[],
  first = 1,
  shardId = 'shardId-000000000000',
) {
  const records = payloads.map(
    (data, at): StreamRecord => ({
      shardId,
      sequenceNumber: String(first + at),
      partitionKey: 'key',
      data,
      arrivedAtMs: 1_490_745_173_000,
    }),
  );
  return lambdaEvent(records, {
    streamArn: 'arn:aws:kinesis:us-east-1:000000000000:stream/test',
    roleArn: 'arn:aws:iam::000000000000:role/test',
  });
}

export function encodeAll(events: readonly WinnerEvent[]): Uint8Array[] {
  return events.map((event) => winner.encode(event, 0).data);
}
