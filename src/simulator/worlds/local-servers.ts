/** The servers of the local world, with the run's stream and tables on them. */
import { DeleteTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteStreamCommand, type KinesisClient } from '@aws-sdk/client-kinesis';
import { createTables } from '../dynamodb/client/create-tables.ts';
import type { RunOptions } from '../model/run-options.ts';
import type { TableDefinition } from '../model/workload.ts';
import { LOCAL_CREDENTIALS, LOCAL_REGION } from '../servers/local-credentials.ts';
import { type RunningServer, type ServerName, startServer } from '../servers/server.ts';
import { nameServerInErrors, ServerUnreachable } from '../servers/server-unreachable.ts';
import { readStreamDefinition } from '../stack-template.ts';
import { localKinesisClient } from '../stream/kinesis-client.ts';
import { createStream } from '../stream/kinesis-stream.ts';
import type { Closing } from './closing.ts';
import { tableInputs } from './table-inputs.ts';

export interface LocalServers {
  readonly kinesis: KinesisClient;
  readonly kinesisEndpoint: string;
  readonly dynamoDb: DynamoDBClient;
  readonly dynamoDbEndpoint: string;
  /** The stream's name. */
  readonly stream: string;
  readonly streamArn: string;
  /** The real name of one of the workload's tables. */
  tableName(name: string): string;
  /** Those that were started for this run. */
  readonly started: readonly RunningServer[];
  /** Rejects when one of them has ended. The handler would retry its requests for minutes. */
  readonly lost: Promise<never>;
}

export interface LocalServersParts {
  readonly options: RunOptions;
  readonly tables: readonly TableDefinition[];
  readonly stage: string;
  readonly closing: Closing;
  pause(ms: number): Promise<void>;
}

/** Between two checks whether a stream or table exists. */
const POLL_MS = 20;

export async function openLocalServers(parts: LocalServersParts): Promise<LocalServers> {
  const { options, tables, stage, closing, pause } = parts;
  const { started, lost, start } = createStarter(closing);
  const [kinesisEndpoint, dynamoDbEndpoint] = await Promise.all([
    options.kinesisEndpoint ?? start(options.kinesisServer),
    options.dynamodbEndpoint ?? start(options.dynamodbServer),
  ]);
  const place = { region: LOCAL_REGION, credentials: LOCAL_CREDENTIALS };
  const kinesis = localKinesisClient({ ...place, endpoint: kinesisEndpoint });
  const dynamoDb = new DynamoDBClient({ ...place, endpoint: dynamoDbEndpoint });
  const first = { step: 'initialize', priority: 'high' } as const;
  kinesis.middlewareStack.add(nameServerInErrors('Kinesis', kinesisEndpoint), first);
  dynamoDb.middlewareStack.add(nameServerInErrors('DynamoDB', dynamoDbEndpoint), first);
  const { name: stream } = readStreamDefinition(stage);
  const [streamArn] = await Promise.all([
    createStream(kinesis, { name: stream, shards: options.shards, pause: () => pause(POLL_MS) }),
    createTables(dynamoDb, tableInputs(tables, stage), () => pause(POLL_MS)),
  ]);
  const tableName = (name: string): string => `${stage}-${name}`;
  if (options.kinesisEndpoint !== undefined) {
    closing.add(() => kinesis.send(new DeleteStreamCommand({ StreamName: stream })));
  }
  if (options.dynamodbEndpoint !== undefined) {
    for (const { name } of tables) {
      closing.add(() => dynamoDb.send(new DeleteTableCommand({ TableName: tableName(name) })));
    }
  }
  return {
    ...{ kinesis, kinesisEndpoint, dynamoDb, dynamoDbEndpoint, stream, streamArn },
    ...{ tableName, started, lost },
  };
}

function createStarter(closing: Closing) {
  const { promise: lost, reject } = Promise.withResolvers<never>();
  lost.catch(() => {});
  const started: RunningServer[] = [];
  return {
    started,
    lost,
    async start(name: ServerName): Promise<string> {
      const server = await startServer(name);
      closing.add(() => server.stop());
      started.push(server);
      server.ended.then((end) => {
        reject(new ServerUnreachable(name, server.endpoint, new Error(`it ended (${end})`)));
      }, reject);
      return server.endpoint;
    },
  };
}
