/** The local world: real servers over HTTP, the handler in worker processes, real time. */
import { setTimeout as delay } from 'node:timers/promises';
import { DeleteTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteStreamCommand } from '@aws-sdk/client-kinesis';
import { createTables } from '../../stack/create-tables.ts';
import { readFunctionDefinition, readStreamDefinition } from '../../stack/definitions.ts';
import { tableInputs } from '../../stack/tables.ts';
import { peekRows } from '../dynamodb/client/peek.ts';
import { scanTable } from '../dynamodb/client/scan.ts';
import { createFaults } from '../dynamodb/faults/create-faults.ts';
import { withKills } from '../dynamodb/faults/kills.ts';
import { createGateway, type Gateway } from '../dynamodb/gateway/gateway.ts';
import { httpForward } from '../dynamodb/gateway/http-forward.ts';
import { type ServedGateway, serveGateway } from '../dynamodb/gateway/serve-gateway.ts';
import { isArtifact, unpackArtifact } from '../execution/artifact.ts';
import { deliverToPool } from '../execution/process/deliver-to-pool.ts';
import { createPool } from '../execution/process/pool.ts';
import type { History } from '../history/history.ts';
import { faultsOf } from '../model/fault-profiles.ts';
import type { RunOptions } from '../model/run-options.ts';
import type { TableDefinition } from '../model/workload.ts';
import { moduleFile } from '../module-reference.ts';
import { seededRandom } from '../random.ts';
import { LOCAL_CREDENTIALS, LOCAL_REGION } from '../servers/local-credentials.ts';
import { type RunningServer, type ServerName, startServer } from '../servers/server.ts';
import { nameServerInErrors, ServerUnreachable } from '../servers/server-unreachable.ts';
import { localKinesisClient } from '../stream/kinesis-client.ts';
import { createStream } from '../stream/kinesis-stream.ts';
import { putTo } from '../stream/put-records.ts';
import type { World } from './world.ts';

const FUNCTION_NAME = 'winner-view';
const SHIPPED_HANDLER = `${moduleFile('../../handler/lambda.ts', import.meta.url)}#handler`;
const OUTPUT_LINES_MAX = 50;

export interface LocalWorldParts {
  readonly options: RunOptions;
  readonly tables: readonly TableDefinition[];
  readonly history: History;
  readonly environment: NodeJS.ProcessEnv;
  /** Sets this run's stream and tables apart on servers that run already. */
  readonly stage: string;
  /** Somebody outside puts the records, while they are delivered. */
  readonly deliversWhilePushing?: boolean;
}

export interface LocalWorld extends World {
  /** What somebody outside needs, to put records and to look at tables. */
  readonly addresses: {
    readonly stream: string;
    readonly kinesisEndpoint: string;
    readonly dynamoDb: DynamoDBClient;
    /** The real name of one of the workload's tables. */
    tableName(name: string): string;
    /** Those that were started for this world. */
    readonly servers: readonly RunningServer[];
  };
}

/** Rejects, with nothing left behind, with `ServerUnavailable` or `HandlerUnusable`. */
export async function openLocalWorld(parts: LocalWorldParts): Promise<LocalWorld> {
  const closing = createClosing();
  try {
    return await open(parts, closing);
  } catch (error) {
    await closing.close();
    throw error;
  }
}

async function open(
  { options, tables, history, environment, stage, deliversWhilePushing = false }: LocalWorldParts,
  closing: Closing,
): Promise<LocalWorld> {
  // A handler without its tables would be patient for minutes.
  let lose = (_error: Error): void => {};
  const lost = new Promise<never>((_, reject) => {
    lose = reject;
  });
  lost.catch(() => {});
  const servers: RunningServer[] = [];
  const serve = async (name: ServerName, endpoint: string | undefined): Promise<string> => {
    if (endpoint !== undefined) return endpoint;
    const server: RunningServer = await startServer(name);
    closing.add(() => server.stop());
    servers.push(server);
    server.ended.then((end) => {
      lose(new ServerUnreachable(name, server.endpoint, new Error(`it ended (${end})`)));
    }, lose);
    return server.endpoint;
  };
  const [kinesisEndpoint, dynamoDbEndpoint] = await Promise.all([
    serve(options.kinesisServer, options.kinesisEndpoint),
    serve(options.dynamodbServer, options.dynamodbEndpoint),
  ]);

  const place = { region: LOCAL_REGION, credentials: LOCAL_CREDENTIALS };
  const kinesis = localKinesisClient({ ...place, endpoint: kinesisEndpoint });
  const dynamoDb = new DynamoDBClient({ ...place, endpoint: dynamoDbEndpoint });
  const first = { step: 'initialize', priority: 'high' } as const;
  kinesis.middlewareStack.add(nameServerInErrors('Kinesis', kinesisEndpoint), first);
  dynamoDb.middlewareStack.add(nameServerInErrors('DynamoDB', dynamoDbEndpoint), first);
  const { name: stream } = readStreamDefinition(stage);
  const [streamArn] = await Promise.all([
    createStream(kinesis, { name: stream, shards: options.shards, pause: () => delay(20) }),
    createTables(dynamoDb, tableInputs(tables, stage), () => delay(20)),
  ]);
  const tableName = (name: string) => `${stage}-${name}`;
  if (options.kinesisEndpoint !== undefined) {
    closing.add(() => kinesis.send(new DeleteStreamCommand({ StreamName: stream })));
  }
  if (options.dynamodbEndpoint !== undefined) {
    for (const { name } of tables) {
      closing.add(() => dynamoDb.send(new DeleteTableCommand({ TableName: tableName(name) })));
    }
  }

  const notes: string[] = [];
  const output: string[] = [];
  const { forward, close: closeForward } = httpForward(dynamoDbEndpoint);
  const pause = (ms: number): Promise<void> => delay(ms);
  const faults = createFaults(faultsOf(options), seededRandom(options.seed, 'faults'), pause);
  const faulty = createGateway({ history, forward, faults });
  const gateway: Gateway = withKills(faulty, {
    kills: options.kill,
    batches: batchesExpected(options),
    random: seededRandom(options.seed, 'kills'),
    history,
    kill(worker, invocation) {
      if (pool.invocationOf(worker) !== invocation) return false;
      pool.kill(worker).catch(() => {});
      return true;
    },
  });
  const artifact =
    options.handler !== undefined && isArtifact(options.handler)
      ? unpackArtifact(options.handler)
      : undefined;
  if (artifact !== undefined) closing.add(async () => artifact.taskRoot.remove());
  const { timeoutMs, memoryMb } = readFunctionDefinition(stage);
  const served = new Map<string, ServedGateway>();
  const pool = createPool({
    handler: artifact?.handler ?? options.handler ?? SHIPPED_HANDLER,
    settings: {
      functionName: FUNCTION_NAME,
      memoryLimitInMb: memoryMb,
      taskRoot: artifact?.taskRoot.path,
    },
    inherited: environment,
    async environment(worker) {
      const own = await serveGateway(gateway, { worker, invocationOf: pool.invocationOf });
      served.set(worker, own);
      return {
        dynamoDbEndpoint: own.endpoint,
        kinesisEndpoint,
        tables: Object.fromEntries(
          tables.map(({ name, environmentVariable }) => [environmentVariable, tableName(name)]),
        ),
      };
    },
    onStarted: (worker) => history.record({ type: 'worker-started', worker }),
    onGone(worker, how, reason) {
      history.record({
        type: how === 'killed' ? 'worker-killed' : 'worker-exited',
        worker,
        reason,
      });
      served
        .get(worker)
        ?.close()
        .catch(() => {});
    },
    onOutput(_worker, _stream, line) {
      output.push(line);
      if (output.length > OUTPUT_LINES_MAX) output.shift();
    },
    onNote: (text) => notes.push(text),
  });
  closing.add(async () => {
    await pool.stop();
    await Promise.all([...served.values()].map((each) => each.close()));
    closeForward();
  });
  await pool.check();

  const delivery = deliverToPool({ kinesis, stream, streamArn, pool, timeoutMs, lost });
  return {
    put: putTo(kinesis, stream),
    pause,
    delivery,
    deliversWhilePushing,
    addresses: { stream, kinesisEndpoint, dynamoDb, tableName, servers },
    pace: PACE,
    peek: (keys) => peekRows(dynamoDb, keys, tableName),
    async *scan(table) {
      // A request may outlive its worker: what it does belongs to the tables.
      await gateway.idle();
      yield* scanTable(dynamoDb, tableName(table));
    },
    notes,
    output,
    close: closing.close,
  };
}

/** Of events, their copies (two on average), and what is malformed. */
function batchesExpected({ count, duplicate, garbage, batchSize }: RunOptions): number {
  return (count * (1 + 2 * duplicate + garbage)) / batchSize;
}

/** Lambda polls about once a second, and backs off for longer; nobody wants to wait for that. */
const PACE = {
  pollIntervalMs: 50,
  repeatDelayMsMax: 500,
  retryBackoff: { firstMs: 20, maxMs: 200, factor: 2, jitterRatio: 0.5 },
};

interface Closing {
  add(close: () => Promise<unknown>): void;
  close(): Promise<void>;
}

/** Undoes in the reverse order. Something begun while it closes is undone as well. */
function createClosing(): Closing {
  const steps: (() => Promise<unknown>)[] = [];
  let isClosed = false;
  return {
    add(close) {
      if (isClosed) close().catch(() => {});
      else steps.push(close);
    },
    async close() {
      isClosed = true;
      for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
        await step().catch(() => {});
      }
    },
  };
}
