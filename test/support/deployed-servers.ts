/** Imitates deployed stages: local servers in place of AWS, and our delivery to the shipped handler in place of Lambda. */
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import { createTables } from '../../src/simulator/dynamodb/client/create-tables.ts';
import { httpForward } from '../../src/simulator/dynamodb/gateway/http-forward.ts';
import type { JsonObject } from '../../src/simulator/dynamodb/gateway/json.ts';
import { type Delivery, startDelivery } from '../../src/simulator/event-source-mapping/driver.ts';
import {
  type EventSourceMapping,
  eventSourceMapping,
} from '../../src/simulator/event-source-mapping/settings.ts';
import { createAwsAnswers } from '../../src/simulator/execution/aws/answer-aws.ts';
import { functionEnvironment } from '../../src/simulator/execution/environment.ts';
import { serveRequests } from '../../src/simulator/execution/network/serve-requests.ts';
import { deliverToPool } from '../../src/simulator/execution/process/deliver-to-pool.ts';
import { createPool } from '../../src/simulator/execution/process/pool.ts';
import { createHistory } from '../../src/simulator/history/history.ts';
import { parseReference } from '../../src/simulator/module-reference.ts';
import { seededRandom } from '../../src/simulator/random.ts';
import { startServer } from '../../src/simulator/servers/server.ts';
import {
  readFunctionDefinition,
  readStreamDefinition,
  readTableDefinitions,
} from '../../src/simulator/stack-template.ts';
import { localKinesisClient } from '../../src/simulator/stream/kinesis-client.ts';
import { createStream } from '../../src/simulator/stream/kinesis-stream.ts';
import { winner } from '../../src/simulator/workload/winner/winner.ts';
import { type AwsServer, startAwsServer } from './aws-server.ts';
import { failureMessage } from './failure-message.ts';

export interface DeployedServers {
  readonly aws: AwsServer;
  readonly dynamoDb: DynamoDBClient;
  readonly kinesis: KinesisClient;
  /** Directs the SDK's clients to these servers. */
  readonly environment: Readonly<Record<string, string>>;
  /** Each call makes a stage of its own, with an empty stream and tables. */
  deploy(shards?: number): Promise<Deployed>;
  stop(): Promise<void>;
}

export interface Deployed {
  readonly stage: string;
  readonly streamName: string;
  readonly streamArn: string;
  readonly tableName: (name: string) => string;
  /** Enables the event source mapping. */
  deliver(handler?: string, settings?: Partial<EventSourceMapping>): Delivering;
}

export interface Delivering {
  readonly delivery: Delivery;
  stop(): Promise<void>;
}

const SHIPPED = `${fileURLToPath(new URL('../../src/handler/lambda.ts', import.meta.url))}#handler`;
function loadable(reference: string) {
  const { file, exportName } = parseReference(reference);
  return { entry: file, file, exportName };
}

const PLACE = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
};

export async function startDeployedServers(): Promise<DeployedServers> {
  const [aws, dynoxide, kinesalite] = await Promise.all([
    startAwsServer(),
    startServer('dynoxide'),
    startServer('kinesalite'),
  ]);
  const dynamoDb = new DynamoDBClient({ ...PLACE, endpoint: dynoxide.endpoint });
  const kinesis = localKinesisClient({ ...PLACE, endpoint: kinesalite.endpoint });
  const pause = () => delay(20);
  const pools: { stop(): Promise<void> }[] = [];
  // Nothing of ours stands between a deployed handler and DynamoDB.
  const { forward, close } = httpForward(dynoxide.endpoint);
  const answer = createAwsAnswers<undefined>({
    services: {},
    dynamoDb: async (operation, input) => forward(operation, input as JsonObject),
    requested: () => {},
    travel: async () => {},
    unanswered: () => {},
  });
  const served = await serveRequests((request) => answer(request, undefined));

  async function deploy(shards = 2): Promise<Deployed> {
    const stage = `t${randomBytes(4).toString('hex')}`;
    const { name: streamName } = readStreamDefinition(stage);
    const [streamArn] = await Promise.all([
      createStream(kinesis, { name: streamName, shards, pause }),
      createTables(
        dynamoDb,
        readTableDefinitions(stage).map(({ input }) => input),
        pause,
      ),
    ]);
    const tableName = (name: string) => `${stage}-${name}`;
    aws.stack = {
      name: `winner-view-${stage}`,
      status: 'CREATE_COMPLETE',
      outputs: {
        StreamName: streamName,
        StreamArn: streamArn,
        FailureQueueUrl: aws.queueUrl,
        ...Object.fromEntries(
          winner.tables.map(({ name }) => [`${name}TableName`, tableName(name)]),
        ),
      },
    };
    const deliver: Deployed['deliver'] = (handler = SHIPPED, settings = {}) => {
      const { timeoutMs, memoryMb } = readFunctionDefinition(stage);
      const pool = createPool({
        handler: loadable(handler),
        variables: functionEnvironment({
          ...{ memoryMb, taskRoot: process.cwd(), handler: 'lambda.handler', own: {} },
          temporaryFolder: process.env['TMPDIR'],
          tables: Object.fromEntries(
            winner.tables.map(({ name, environmentVariable }) => [
              environmentVariable,
              tableName(name),
            ]),
          ),
        }),
        serve: async () => served.port,
      });
      pools.push(pool);
      const lost = new Promise<never>(() => {});
      const delivery = startDelivery({
        settings: eventSourceMapping({ batchSize: 500, pollIntervalMs: 50, ...settings }),
        history: createHistory(Date.now, []),
        random: seededRandom('deployed', 'delivery'),
        world: {
          ...deliverToPool({ kinesis, stream: streamName, streamArn, pool, timeoutMs, lost }),
          async discard(command) {
            aws.messages.push(failureMessage(command, streamArn));
          },
        },
      });
      const stop = async () => {
        await delivery.stop();
        await pool.stop();
      };
      return { delivery, stop };
    };
    return { stage, streamName, streamArn, tableName, deliver };
  }

  return {
    aws,
    dynamoDb,
    kinesis,
    environment: {
      AWS_REGION: PLACE.region,
      AWS_ACCESS_KEY_ID: PLACE.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: PLACE.credentials.secretAccessKey,
      AWS_ENDPOINT_URL_CLOUDFORMATION: aws.endpoint,
      AWS_ENDPOINT_URL_SQS: aws.endpoint,
      AWS_ENDPOINT_URL_KINESIS: kinesalite.endpoint,
      AWS_ENDPOINT_URL_DYNAMODB: dynoxide.endpoint,
    },
    deploy,
    async stop() {
      dynamoDb.destroy();
      kinesis.destroy();
      await Promise.all(pools.map((pool) => pool.stop()));
      close();
      await Promise.all([served.close(), aws.stop(), dynoxide.stop(), kinesalite.stop()]);
    },
  };
}
