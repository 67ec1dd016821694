/**
 * The AWS world: the stream and the tables of a deployed stack. Lambda delivers, and the requests of the
 * handler and their cost can't be seen from here.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { createClients, type StackClients } from '../../stack/clients.ts';
import { findStack, type StackOutputs } from '../../stack/outputs.ts';
import type { RunOptions } from '../model/run-options.ts';
import { seededRandom } from '../random.ts';
import { listShards } from '../stream/kinesis.ts';
import { type PutRecords, pushRecords, putTo } from '../stream/push.ts';
import { createOwnRows, marksOf, sharedTables } from './own-rows.ts';
import type { MarkedRows, RemoteWorld, Sentinel, WorkloadOfWorld } from './world.ts';

export interface AwsWorldParts {
  readonly options: Pick<RunOptions, 'seed' | 'stage' | 'prefix' | 'clean'>;
  readonly workload: WorkloadOfWorld;
  /** The environment of this process. */
  readonly environment: NodeJS.ProcessEnv;
  /** Milliseconds between two reads of the tables; each consumes read units for all their rows. */
  readonly pollMs: number;
}

export interface AwsWorld extends RemoteWorld {
  /** Where producers and consumers outside of the run find the stream and the tables. */
  readonly addresses: {
    readonly stream: string;
    readonly kinesis: KinesisClient;
    readonly dynamoDb: DynamoDBClient;
    /** The real name of one of the workload's tables. */
    tableName(name: string): string;
  };
}

/** Rejects with a `SimulatorError` if there is no such stack, or its tables aren't for simulations. */
export async function openAwsWorld(parts: AwsWorldParts): Promise<AwsWorld> {
  const shared = sharedTables(parts.workload);
  const clients = createClients(parts.environment);
  try {
    return await open(parts, shared, clients);
  } catch (error) {
    clients.destroy();
    throw error;
  }
}

async function open(
  { options, workload: { tables }, environment, pollMs }: AwsWorldParts,
  shared: MarkedRows,
  clients: StackClients,
): Promise<AwsWorld> {
  const { stage = '', prefix, seed, clean } = options;
  const { cloudFormation, dynamoDb, kinesis, sqs } = clients;
  const stack = await findStack({ stage, tables, cloudFormation, environment });
  const closed = new AbortController();
  const pause = (ms: number): Promise<void> => delay(ms, undefined, { signal: closed.signal });
  const own = createOwnRows({
    ...{ client: dynamoDb, tables, names: stack.tables, prefix, pause },
    markOf: shared.markOf,
  });
  if (clean) await own.remove();
  await own.refuseOthers();
  const discardedBefore = await countMessages(sqs, stack);
  const put = putTo(kinesis, stack.streamName);
  const tableName = (name: string): string => stack.tables.get(name) ?? name;
  return {
    put,
    pause,
    partitionKeyPrefix: marksOf(prefix).rows,
    addresses: { stream: stack.streamName, kinesis, dynamoDb, tableName },
    remote: {
      stackName: stack.stackName,
      pollMs,
      putSentinels: (round) =>
        putSentinels(round, { kinesis, dynamoDb, stack, shared, prefix, seed, put, pause }),
      discarded: async () => Math.max(0, (await countMessages(sqs, stack)) - discardedBefore),
    },
    scan: own.scan,
    ...(clean ? { removeRows: own.remove } : {}),
    notes: clean
      ? []
      : ["the run's rows stay in the tables; the same command with --clean removes them"],
    output: [],
    async close() {
      closed.abort();
      clients.destroy();
    },
  };
}

interface SentinelParts {
  readonly kinesis: KinesisClient;
  readonly dynamoDb: DynamoDBClient;
  readonly stack: StackOutputs;
  readonly shared: MarkedRows;
  readonly prefix: string;
  readonly seed: string;
  readonly put: PutRecords;
  pause(ms: number): Promise<void>;
}

/** One for each open shard. */
async function putSentinels(round: number, parts: SentinelParts): Promise<readonly Sentinel[]> {
  const { kinesis, stack, shared, prefix, seed, put, pause } = parts;
  const shards = await listShards(kinesis, stack.streamName);
  const records = shards
    .filter(({ isClosed }) => !isClosed)
    .map(({ shardId, hashKeys }) => {
      const name = `${marksOf(prefix).sentinels}${shardId}/${round}`;
      const { payload } = shared.sentinel(name);
      return { name, shardId, explicitHashKey: hashKeys.first, ...payload };
    });
  await pushRecords(records, { put, pause, random: seededRandom(seed, `sentinels ${round}`) });
  return records.map(({ name, shardId }) => ({
    name,
    shardId,
    isApplied: () => isApplied(name, parts),
  }));
}

async function isApplied(
  name: string,
  { dynamoDb, stack, shared }: SentinelParts,
): Promise<boolean> {
  const { table, key } = shared.sentinel(name);
  const { Item } = await dynamoDb.send(
    new GetItemCommand({
      TableName: stack.tables.get(table) ?? table,
      Key: Object.fromEntries(Object.entries(key).map(([each, text]) => [each, { S: text }])),
      ConsistentRead: true,
    }),
  );
  return Item !== undefined;
}

/** Batches that Lambda gave up; 0 where no queue is known. */
async function countMessages(
  client: SQSClient,
  { failureQueueUrl }: StackOutputs,
): Promise<number> {
  if (failureQueueUrl === undefined) return 0;
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({
      QueueUrl: failureQueueUrl,
      AttributeNames: ['ApproximateNumberOfMessages'],
    }),
  );
  return Number(Attributes?.['ApproximateNumberOfMessages'] ?? 0);
}
