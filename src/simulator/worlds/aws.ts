/**
 * A deployed stack: its stream to push to, its tables to read. Lambda delivers, and nothing of ours is between the
 * handler and DynamoDB, so its requests and their costs can't be observed.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { readRow } from '../dynamodb/client/read.ts';
import type { RunOptions } from '../model/run-options.ts';
import type { SharedTables, TableDefinition } from '../model/workload.ts';
import { seededRandom } from '../random.ts';
import { listShards } from '../stream/kinesis.ts';
import { pushRecords, putTo } from '../stream/push.ts';
import { createOwnRows, marksOf } from './own-rows.ts';
import type { RemoteWorld, Sentinel } from './world.ts';

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
  readonly tables: readonly TableDefinition[];
  readonly shared: Pick<SharedTables<never>, 'markOf' | 'sentinel'>;
  /** Closed with the world. */
  readonly stack: RemoteStack;
  /** Milliseconds between two reads of the tables, each of which costs their size in read units. */
  readonly pollMs: number;
}

export interface AwsWorld extends RemoteWorld {
  /** For producers and consumers outside the run. */
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
    return await open(parts);
  } catch (error) {
    parts.stack.close();
    throw error;
  }
}

async function open({ options, tables, shared, stack, pollMs }: AwsWorldParts): Promise<AwsWorld> {
  const { prefix, seed, clean } = options;
  const { dynamoDb, kinesis, tableName } = stack;
  const closed = new AbortController();
  const pause = (ms: number): Promise<void> => delay(ms, undefined, { signal: closed.signal });
  const { markOf } = shared;
  const own = createOwnRows({ client: dynamoDb, tables, tableName, markOf, prefix, pause });
  if (clean) await own.remove();
  await own.refuseOthers();
  const discardedBefore = await countMessages(stack);
  const put = putTo(kinesis, stack.streamName);

  const isApplied = async (name: string): Promise<boolean> => {
    const { table, key } = shared.sentinel(name);
    return (await readRow(dynamoDb, { table: tableName(table), key })) !== undefined;
  };

  return {
    put,
    pause,
    addresses: { stream: stack.streamName, kinesis, dynamoDb, tableName },
    deliversWhilePushing: false,
    remote: {
      mark: marksOf(prefix).rows,
      pollMs,
      async putSentinels(round) {
        const shards = await listShards(kinesis, stack.streamName);
        const records = shards
          .filter(({ isClosed }) => !isClosed)
          .map(({ shardId, hashKeys }) => {
            const name = `${marksOf(prefix).sentinels}${shardId}/${round}`;
            return {
              name,
              shardId,
              explicitHashKey: hashKeys.first,
              ...shared.sentinel(name).payload,
            };
          });
        await pushRecords(records, {
          put,
          pause,
          random: seededRandom(seed, `sentinels ${round}`),
        });
        return records.map(
          ({ name, shardId }): Sentinel => ({ name, shardId, isApplied: () => isApplied(name) }),
        );
      },
      discarded: async () => Math.max(0, (await countMessages(stack)) - discardedBefore),
      whereToLook:
        `the function of ${stack.stackName}: is its event source mapping enabled, what does its log say, ` +
        'is its iterator age growing (docs/operations/runbook.md)',
      clean: async () => (clean ? own.remove() : undefined),
    },
    scan: own.scan,
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
