/** Reads one shard of a Kinesis stream. */
import {
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type KinesisClient,
} from '@aws-sdk/client-kinesis';
import type { StreamRecord } from '../model/stream-record.ts';

export type StartingPosition =
  | { readonly type: 'TRIM_HORIZON' | 'LATEST' }
  | { readonly type: 'AT_TIMESTAMP'; readonly atMs: number }
  | {
      readonly type: 'AT_SEQUENCE_NUMBER' | 'AFTER_SEQUENCE_NUMBER';
      readonly sequenceNumber: string;
    };

export interface ShardPage {
  /** In the order of the shard; may be empty although more records follow. */
  readonly records: readonly StreamRecord[];
  readonly millisBehindLatest: number;
  /** The shard is closed, and this is its last page. */
  readonly isEnd: boolean;
}

export interface ShardReader {
  /** The next records, up to a limit (at most 10,000). One call at a time. */
  next(limit?: number): Promise<ShardPage>;
}

/** Reads a shard from a position on. Renews an iterator that has expired (after 5 minutes). */
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
