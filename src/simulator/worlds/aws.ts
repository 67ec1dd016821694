/**
 * A deployed stack: its stream to push to, its tables to look at. Lambda delivers, and nothing of ours stands
 * between the handler and DynamoDB: what it asks and what that costs can't be seen from here.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { createClients, type StackClients } from '../../stack/clients.ts';
import { findStack, type StackOutputs } from '../../stack/outputs.ts';
import type { RunOptions } from '../model/run-options.ts';
import type { SharedTables, TableDefinition } from '../model/workload.ts';
import { seededRandom } from '../random.ts';
import { listShards } from '../stream/kinesis-stream.ts';
import { pushRecords } from '../stream/push.ts';
import { putTo } from '../stream/put-records.ts';
import { createOwnRows, marksOf } from './own-rows.ts';
import type { RemoteWorld, Sentinel } from './world.ts';

export interface AwsWorldParts {
  readonly options: Pick<RunOptions, 'seed' | 'stage' | 'prefix' | 'clean'>;
  readonly tables: readonly TableDefinition[];
  readonly shared: Pick<SharedTables<never>, 'markOf' | 'sentinel'>;
  /** Of the process. */
  readonly environment: NodeJS.ProcessEnv;
  /** Milliseconds between two looks at the tables; each costs their size in read units. */
  readonly pollMs: number;
}

export interface AwsWorld extends RemoteWorld {
  /** What somebody outside needs, to put and to read records and to look at tables. */
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
  const clients = createClients(parts.environment);
  try {
    return await open(parts, clients);
  } catch (error) {
    clients.destroy();
    throw error;
  }
}

async function open(
  { options, tables, shared, environment, pollMs }: AwsWorldParts,
  clients: StackClients,
): Promise<AwsWorld> {
  const { stage = '', prefix, seed, clean } = options;
  const { cloudFormation, dynamoDb, kinesis, sqs } = clients;
  const stack = await findStack({ stage, tables, cloudFormation, environment });
  const closed = new AbortController();
  const pause = (ms: number): Promise<void> => delay(ms, undefined, { signal: closed.signal });
  const { markOf } = shared;
  const own = createOwnRows({
    ...{ client: dynamoDb, tables, names: stack.tables, markOf, prefix, pause },
  });
  if (clean) await own.remove();
  await own.refuseOthers();
  const discardedBefore = await countMessages(sqs, stack);
  const put = putTo(kinesis, stack.streamName);

  const tableName = (name: string): string => stack.tables.get(name) ?? name;
  const isApplied = async (name: string): Promise<boolean> => {
    const { table, key } = shared.sentinel(name);
    const { Item } = await dynamoDb.send(
      new GetItemCommand({
        TableName: tableName(table),
        Key: Object.fromEntries(Object.entries(key).map(([each, text]) => [each, { S: text }])),
        ConsistentRead: true,
      }),
    );
    return Item !== undefined;
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
      discarded: async () => Math.max(0, (await countMessages(sqs, stack)) - discardedBefore),
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
      clients.destroy();
    },
  };
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
