/**
 * The AWS world: the stream and the tables of a deployed stack. Lambda delivers, and the requests
 * of the handler and their cost can't be seen from here.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { readRow } from '../dynamodb/client/read.ts';
import type { RunOptions } from '../model/run-options.ts';
import { seededRandom } from '../random.ts';
import { listShards } from '../stream/kinesis-stream.ts';
import { pushRecords } from '../stream/push.ts';
import { type PutRecords, putTo } from '../stream/put-records.ts';
import { createOwnRows, marksOf, sharedTables } from './own-rows.ts';
import type { MarkedRows, RemoteWorld, Sentinel, WorkloadOfWorld } from './world.ts';

/** A deployed stack as `ops` opens it. */
export interface RemoteStack {
  readonly stackName: string;
  readonly streamName: string;
  /** Undefined: unknown. */
  readonly failureQueueUrl: string | undefined;
  readonly kinesis: KinesisClient;
  readonly dynamoDb: DynamoDBClient;
  readonly sqs: SQSClient;
  /** The real name of one of the workload's tables. */
  tableName(name: string): string;
  /** Closes the connections. */
  close(): void;
}

export interface AwsWorldParts {
  readonly options: Pick<RunOptions, 'seed' | 'prefix' | 'clean'>;
  readonly workload: WorkloadOfWorld;
  /** Closed with the world. */
  readonly stack: RemoteStack;
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

/** Rejects with a `SimulatorError` if the stack's tables are not for simulations. */
export async function openAwsWorld(parts: AwsWorldParts): Promise<AwsWorld> {
  try {
    return await open(parts, sharedTables(parts.workload));
  } catch (error) {
    parts.stack.close();
    throw error;
  }
}

async function open(parts: AwsWorldParts, { markOf, sentinel }: MarkedRows): Promise<AwsWorld> {
  const { options, workload, stack, pollMs } = parts;
  const { prefix, seed, clean } = options;
  const { dynamoDb, kinesis, tableName } = stack;
  const closed = new AbortController();
  const pause = (ms: number): Promise<void> => delay(ms, undefined, { signal: closed.signal });
  const { tables } = workload;
  const own = createOwnRows({ client: dynamoDb, tables, tableName, markOf, prefix, pause });
  if (clean) await own.remove();
  await own.refuseOthers();
  const discardedBefore = await countMessages(stack);
  const put = putTo(kinesis, stack.streamName);
  return {
    put,
    pause,
    partitionKeyPrefix: marksOf(prefix).rows,
    addresses: { stream: stack.streamName, kinesis, dynamoDb, tableName },
    remote: {
      stackName: stack.stackName,
      pollMs,
      putSentinels: (round) => putSentinels(round, { stack, sentinel, prefix, seed, put, pause }),
      discarded: async () => Math.max(0, (await countMessages(stack)) - discardedBefore),
    },
    scan: own.scan,
    ...(clean ? { removeRows: own.remove } : {}),
    notes: clean
      ? []
      : ["the run's rows stay in the tables; the same command with --clean removes them"],
    output: [],
    async close() {
      closed.abort();
      stack.close();
    },
  };
}

interface SentinelParts {
  readonly stack: RemoteStack;
  readonly sentinel: MarkedRows['sentinel'];
  readonly prefix: string;
  readonly seed: string;
  readonly put: PutRecords;
  pause(ms: number): Promise<void>;
}

/** One for each open shard. */
async function putSentinels(round: number, parts: SentinelParts): Promise<readonly Sentinel[]> {
  const { stack, sentinel, prefix, seed, put, pause } = parts;
  const shards = await listShards(stack.kinesis, stack.streamName);
  const records = shards
    .filter(({ isClosed }) => !isClosed)
    .map(({ shardId, hashKeys }) => {
      const name = `${marksOf(prefix).sentinels}${shardId}/${round}`;
      const { payload } = sentinel(name);
      return { name, shardId, explicitHashKey: hashKeys.first, ...payload };
    });
  await pushRecords(records, { put, pause, random: seededRandom(seed, `sentinels ${round}`) });
  return records.map(({ name, shardId }) => {
    const { table, key } = sentinel(name);
    const row = { table: stack.tableName(table), key };
    const isApplied = async () => (await readRow(stack.dynamoDb, row)) !== undefined;
    return { name, shardId, isApplied };
  });
}

/** Batches that Lambda discarded; 0 without a known queue. */
async function countMessages({ sqs, failureQueueUrl }: RemoteStack): Promise<number> {
  if (failureQueueUrl === undefined) return 0;
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: failureQueueUrl,
      AttributeNames: ['ApproximateNumberOfMessages'],
    }),
  );
  return Number(Attributes?.['ApproximateNumberOfMessages'] ?? 0);
}
