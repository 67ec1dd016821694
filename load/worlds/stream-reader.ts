/**
 * Reads a whole stream, as one more consumer, from the current tips of its shards: nothing else tells which
 * records a deployed stream holds. Child shards of a split or a merge are read from their beginnings.
 */
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import type { StreamRecord } from '../../src/simulator/model/stream-record.ts';
import { listShards, type Shard } from '../../src/simulator/stream/kinesis-stream.ts';
import { isTransient } from '../../src/simulator/stream/put-records.ts';
import {
  readShard,
  type ShardPage,
  type ShardReader,
} from '../../src/simulator/stream/read-shard.ts';

export interface StreamReaderParts {
  readonly kinesis: KinesisClient;
  readonly stream: string;
  /** Between two reads of a shard, whose consumers together may read it five times a second. */
  readonly pollMs: number;
  pause(ms: number): Promise<void>;
  /** In the order of a shard. */
  onRecord(record: StreamRecord): void;
}

export interface StreamReader {
  /** Shards that took records at the start. */
  readonly openShards: readonly Shard[];
  /** Aborted with the error that ended the reading. */
  readonly failed: AbortSignal;
  stop(): void;
}

/** Resolves when every shard's tip is known: records put from then on are read. */
export async function readFromTips(parts: StreamReaderParts): Promise<StreamReader> {
  const { kinesis, stream, pollMs, pause, onRecord } = parts;
  const failure = new AbortController();
  const known = new Set<string>();
  let isStopped = false;

  const next = async (reader: ShardReader): Promise<ShardPage> => {
    for (;;) {
      try {
        return await reader.next();
      } catch (error) {
        // Throttled: the function reads the same shard.
        if (!isTransient(error)) throw error;
        await pause(pollMs);
      }
    }
  };
  const follow = async (reader: ShardReader, first?: ShardPage): Promise<void> => {
    for (let page = first ?? (await next(reader)); ; page = await next(reader)) {
      for (const record of page.records) onRecord(record);
      if (page.isEnd) return followNew();
      await pause(pollMs);
      if (isStopped) return;
    }
  };
  const followNew = async (): Promise<void> => {
    const shards = await listShards(kinesis, stream);
    for (const { shardId } of shards.filter((shard) => !known.has(shard.shardId))) {
      known.add(shardId);
      begin(follow(readShard(kinesis, stream, shardId, { type: 'TRIM_HORIZON' })));
    }
  };
  const begin = (following: Promise<void>): void => {
    following.catch((error: unknown) => {
      if (!isStopped) failure.abort(error);
    });
  };

  const shards = await listShards(kinesis, stream);
  for (const { shardId } of shards) known.add(shardId);
  const openShards = shards.filter(({ isClosed }) => !isClosed);
  const readers = openShards.map(({ shardId }) => {
    return readShard(kinesis, stream, shardId, { type: 'LATEST' });
  });
  const firstPages = await Promise.all(readers.map(next));
  for (const [index, reader] of readers.entries()) begin(follow(reader, firstPages[index]));
  return {
    openShards,
    failed: failure.signal,
    stop() {
      isStopped = true;
    },
  };
}
