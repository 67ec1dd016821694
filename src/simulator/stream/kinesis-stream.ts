/** Creates a Kinesis stream, and lists its shards. */
import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  type KinesisClient,
  ListShardsCommand,
} from '@aws-sdk/client-kinesis';

/** Resolves with the stream's ARN once it is active. `pause` is called between polls. */
export async function createStream(
  client: KinesisClient,
  { name, shards, pause }: CreateStreamOptions,
): Promise<string> {
  const POLLS_MAX = 600;
  await client.send(new CreateStreamCommand({ StreamName: name, ShardCount: shards }));
  for (let polls = 0; polls < POLLS_MAX; polls++) {
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
  /** The hash key range: inclusive, decimal. */
  readonly hashKeys: { readonly first: string; readonly last: string };
  /** Accepts no more records, after a split or merge. */
  readonly isClosed: boolean;
}

export async function listShards(client: KinesisClient, stream: string): Promise<readonly Shard[]> {
  const shards: Shard[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(
      // A token must not be combined with the stream's name.
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
