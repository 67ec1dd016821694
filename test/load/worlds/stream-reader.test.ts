/** The reader against a real Kinesis API, whose shards are split and merged meanwhile. */
import { setTimeout as delay } from 'node:timers/promises';
import {
  DeleteStreamCommand,
  type KinesisClient,
  MergeShardsCommand,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readFromTips } from '../../../load/worlds/stream-reader.ts';
import {
  LOCAL_CREDENTIALS,
  LOCAL_REGION,
} from '../../../src/simulator/servers/local-credentials.ts';
import { type RunningServer, startServer } from '../../../src/simulator/servers/server.ts';
import { localKinesisClient } from '../../../src/simulator/stream/kinesis-client.ts';
import { createStream, listShards } from '../../../src/simulator/stream/kinesis-stream.ts';
import { pushRecords } from '../../../src/simulator/stream/push.ts';
import { putTo } from '../../../src/simulator/stream/put-records.ts';

const pause = (ms: number) => delay(ms);
let server: RunningServer;
let client: KinesisClient;

beforeAll(async () => {
  server = await startServer('kinesalite');
  const { endpoint } = server;
  client = localKinesisClient({ endpoint, region: LOCAL_REGION, credentials: LOCAL_CREDENTIALS });
});
afterAll(() => {
  client.destroy();
  return server.stop();
});

async function put(stream: string, name: string) {
  const records = Array.from({ length: 20 }, (_, index) => ({
    partitionKey: `${name} ${index}`,
    data: new Uint8Array([index]),
  }));
  await pushRecords(records, { put: putTo(client, stream), random: () => 0.5, pause });
  return records.map(({ partitionKey }) => partitionKey);
}

async function reading(stream: string, kinesis = client) {
  await createStream(client, { name: stream, shards: 2, pause: () => pause(20) });
  await put(stream, 'before');
  const read: string[] = [];
  const reader = await readFromTips({
    ...{ kinesis, stream, pollMs: 20, pause },
    onRecord: ({ partitionKey }) => read.push(partitionKey),
  });
  const until = async (count: number) => {
    while (read.length < count) await pause(20);
    return [...read].sort();
  };
  return { reader, read, until };
}

/** Resolves when `shards` shards take records. */
async function ready(stream: string, shards: number) {
  const open = async () => (await listShards(client, stream)).filter(({ isClosed }) => !isClosed);
  while ((await open()).length !== shards) await pause(20);
}

test('reads every record put from now on once, across splits and merges', async () => {
  const stream = 'resharded';
  const { reader, read, until } = await reading(stream);
  expect(reader.openShards.map(({ shardId }) => shardId)).toEqual([
    'shardId-000000000000',
    'shardId-000000000001',
  ]);
  const first = await put(stream, 'first');
  await client.send(
    new SplitShardCommand({
      ...{ StreamName: stream, ShardToSplit: 'shardId-000000000000' },
      NewStartingHashKey: String(2n ** 126n),
    }),
  );
  await ready(stream, 3);
  const second = await put(stream, 'second');
  await client.send(
    new MergeShardsCommand({
      ...{ StreamName: stream, ShardToMerge: 'shardId-000000000002' },
      AdjacentShardToMerge: 'shardId-000000000003',
    }),
  );
  await ready(stream, 2);
  const third = await put(stream, 'third');
  expect(await until(60)).toEqual([...first, ...second, ...third].sort());
  await pause(100);
  expect(read).toHaveLength(60);
  reader.stop();
  await put(stream, 'after');
  await pause(100);
  expect(read).toHaveLength(60);
  expect(reader.failed.aborted).toBe(false);
}, 30_000);

test('retries a throttled read, at the start and later', async () => {
  const reads = new Map<string, number>();
  const throttled = localKinesisClient({
    ...{ endpoint: server.endpoint, region: LOCAL_REGION, credentials: LOCAL_CREDENTIALS },
  });
  throttled.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        const read = reads.get(commandName) ?? 0;
        reads.set(commandName, read + 1);
        if (commandName === 'ListShardsCommand' || read % 3 === 1) return next(args);
        throw Object.assign(new Error('slow down'), {
          name: 'ProvisionedThroughputExceededException',
        });
      },
    { step: 'initialize' },
  );
  const { reader, until } = await reading('throttled', throttled);
  const records = await put('throttled', 'first');
  expect(await until(20)).toEqual(records.sort());
  expect(reads.get('GetRecordsCommand')).toBeGreaterThan(4);
  reader.stop();
  throttled.destroy();
}, 30_000);

test('fails when the stream is deleted', async () => {
  const { reader } = await reading('deleted');
  await client.send(new DeleteStreamCommand({ StreamName: 'deleted' }));
  while (!reader.failed.aborted) await pause(20);
  expect(reader.failed.reason).toMatchObject({ name: 'ResourceNotFoundException' });
}, 30_000);
