/** Kinesis as the simulator uses it: a stream, its shards, and a reader for each. */
import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  type KinesisClientConfig,
  ListShardsCommand,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { StreamRecord } from '../model/stream-record.ts';

export interface LocalClientOptions {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** For a local server, which speaks HTTP/1.1 only; the client's own choice would be HTTP/2. */
export function localKinesisClient(options: LocalClientOptions): KinesisClient {
  return new KinesisClient({ ...options, requestHandler: new NodeHttpHandler() });
}

/**
 * By the SDK's own variables and files, which `endpoint` repeats: its choice is HTTP/2, which no server without TLS
 * speaks.
 */
export function kinesisClient(
  endpoint: string | undefined,
  config: KinesisClientConfig = {},
): KinesisClient {
  const isPlain = endpoint?.startsWith('http:') === true;
  return new KinesisClient({
    ...config,
    ...(isPlain ? { requestHandler: new NodeHttpHandler() } : {}),
  });
}

/** Resolves with the stream's ARN when it takes records. `pause` is called between two looks at it. */
export async function createStream(
  client: KinesisClient,
  { name, shards, pause }: CreateStreamOptions,
): Promise<string> {
  const LOOKS_MAX = 600;
  await client.send(new CreateStreamCommand({ StreamName: name, ShardCount: shards }));
  for (let looks = 0; looks < LOOKS_MAX; looks++) {
    const { StreamDescriptionSummary: stream } = await client.send(
      new DescribeStreamSummaryCommand({ StreamName: name }),
    );
    if (stream?.StreamStatus === 'ACTIVE' && stream.StreamARN !== undefined) {
      return stream.StreamARN;
    }
    await pause();
  }
  throw new Error(`stream ${name} did not become active`);
}

export interface CreateStreamOptions {
  readonly name: string;
  readonly shards: number;
  pause(): Promise<void>;
}

export interface Shard {
  readonly shardId: string;
  /** None, one after a split, two after a merge. */
  readonly parents: readonly string[];
  /** Inclusive, decimal. */
  readonly hashKeys: { readonly first: string; readonly last: string };
  /** Takes no more records: it was split or merged. */
  readonly isClosed: boolean;
}

export async function listShards(client: KinesisClient, stream: string): Promise<readonly Shard[]> {
  const shards: Shard[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(
      // A token stands for the stream and its filter as well.
      new ListShardsCommand(token === undefined ? { StreamName: stream } : { NextToken: token }),
    );
    for (const shard of page.Shards ?? []) {
      shards.push({
        shardId: shard.ShardId ?? '',
        parents: [shard.ParentShardId, shard.AdjacentParentShardId].filter(
          (id) => id !== undefined,
        ),
        hashKeys: {
          first: shard.HashKeyRange?.StartingHashKey ?? '',
          last: shard.HashKeyRange?.EndingHashKey ?? '',
        },
        isClosed: shard.SequenceNumberRange?.EndingSequenceNumber !== undefined,
      });
    }
    token = page.NextToken;
  } while (token !== undefined);
  return shards;
}

/** Where a reader begins. */
export type StartingPosition =
  | { readonly type: 'TRIM_HORIZON' | 'LATEST' }
  | { readonly type: 'AT_TIMESTAMP'; readonly atMs: number }
  | {
      readonly type: 'AT_SEQUENCE_NUMBER' | 'AFTER_SEQUENCE_NUMBER';
      readonly sequenceNumber: string;
    };

export interface ShardPage {
  /** In the order of the shard; possibly none, although more will come. */
  readonly records: readonly StreamRecord[];
  readonly millisBehindLatest: number;
  /** The shard was closed and this was its last page. */
  readonly isEnd: boolean;
}

export interface ShardReader {
  /** The next records, up to a limit (10,000 at most). One call at a time. */
  next(limit?: number): Promise<ShardPage>;
}

/** Reads one shard from a position on. An iterator that has expired (after 5 minutes) is renewed. */
export function readShard(
  client: KinesisClient,
  stream: string,
  shardId: string,
  start: StartingPosition,
): ShardReader {
  let position = start;
  let iterator: string | undefined;
  let isEnd = false;

  async function renew(): Promise<string | undefined> {
    const { ShardIterator } = await client.send(
      new GetShardIteratorCommand({
        StreamName: stream,
        ShardId: shardId,
        ShardIteratorType: position.type,
        ...('sequenceNumber' in position
          ? { StartingSequenceNumber: position.sequenceNumber }
          : {}),
        ...(position.type === 'AT_TIMESTAMP' ? { Timestamp: new Date(position.atMs) } : {}),
      }),
    );
    return ShardIterator;
  }

  return {
    async next(limit = 10_000) {
      if (isEnd) return { records: [], millisBehindLatest: 0, isEnd };
      iterator ??= await renew();
      let page: Awaited<ReturnType<typeof get>>;
      try {
        page = await get(client, iterator, limit);
      } catch (error) {
        if (!(error instanceof ExpiredIteratorException)) throw error;
        iterator = await renew();
        page = await get(client, iterator, limit);
      }
      const records = (page.Records ?? []).map(
        (record): StreamRecord => ({
          shardId,
          sequenceNumber: record.SequenceNumber ?? '',
          partitionKey: record.PartitionKey ?? '',
          data: record.Data ?? new Uint8Array(),
          arrivedAtMs: record.ApproximateArrivalTimestamp?.getTime() ?? 0,
        }),
      );
      const last = records.at(-1);
      if (last !== undefined) {
        position = { type: 'AFTER_SEQUENCE_NUMBER', sequenceNumber: last.sequenceNumber };
      }
      iterator = page.NextShardIterator;
      isEnd = iterator === undefined || iterator === null;
      return { records, millisBehindLatest: page.MillisBehindLatest ?? 0, isEnd };
    },
  };
}

function get(client: KinesisClient, iterator: string | undefined, limit: number) {
  return client.send(new GetRecordsCommand({ ShardIterator: iterator, Limit: limit }));
}
