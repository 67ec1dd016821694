/**
 * A simulated Kinesis data stream: hash key ranges, sequence numbers, splits and merges, retention,
 * and the write limits of a shard. Has no clock and no randomness; callers pass both in.
 */
import { createHash } from 'node:crypto';
import type { DiscoveredShard, PollPosition } from '../event-source-mapping/messages.ts';
import type { StreamRecord } from '../model/stream-record.ts';
import type { PushRecord, PutResult } from './put-records.ts';
import {
  admit,
  createShard,
  expire,
  firstAfter,
  forget,
  type ShardLimits,
  type SimulatedShard,
} from './simulated-shard.ts';

export interface StreamSettings extends ShardLimits {
  readonly shards: number;
  readonly retentionMs: number;
}

export interface SimulatedStream {
  /** One result for each record, in order; records over their shard's limits are refused. */
  put(records: readonly PushRecord[], nowMs: number): PutResult[];
  /** All shards, closed ones included. */
  shards(): DiscoveredShard[];
  /** The unexpired records after a position. */
  read(shardId: string, from: PollPosition, limit: number, nowMs: number): ReadRecords;
  /** Splits an open shard's hash key range in two; its records stay with the parent. */
  split(shardId: string): void;
  /** Merges an open shard with the shard above it. Returns false if that one isn't open. */
  merge(shardId: string): boolean;
  openShards(): string[];
  /** Records up to this one won't be read again. */
  forget(shardId: string, sequenceNumber: string): void;
}

export interface ReadRecords {
  readonly records: StreamRecord[];
  /** The shard is closed, and no records follow. */
  readonly endOfShard: boolean;
}

export function createSimulatedStream(settings: StreamSettings): SimulatedStream {
  const shards: SimulatedShard[] = [];
  let sequence = 0;

  const open = (first: string, last: string, parents: readonly string[]): void => {
    const shardId = `shardId-${String(shards.length).padStart(12, '0')}`;
    shards.push(createShard(shardId, { first, last }, parents));
  };
  for (let index = 0; index < settings.shards; index++) {
    const edge = (at: number) => (HASH_KEYS * BigInt(at)) / BigInt(settings.shards);
    open(hex(edge(index)), hex(edge(index + 1) - 1n), []);
  }
  const shardOf = (shardId: string): SimulatedShard => {
    const shard = shards.find((each) => each.shardId === shardId);
    if (shard === undefined) throw new Error(`the stream has no shard ${shardId}`);
    return shard;
  };

  const putOne = (record: PushRecord, nowMs: number): PutResult => {
    const shard = shardFor(shards, record.partitionKey);
    const bytes = record.bytes ?? record.data.byteLength;
    if (!admit(shard, bytes, nowMs, settings)) {
      return { error: 'ProvisionedThroughputExceededException' };
    }
    const sequenceNumber = `49${String(++sequence).padStart(54, '0')}`;
    shard.records.push({ sequenceNumber, record, arrivedAtMs: nowMs });
    return { shardId: shard.shardId, sequenceNumber };
  };

  return {
    put: (records, nowMs) => records.map((record) => putOne(record, nowMs)),
    shards: () => shards.map(({ shardId, parents }) => ({ shardId, parents })),
    openShards: () => shards.filter(({ closed }) => !closed).map(({ shardId }) => shardId),

    read(shardId, from, limit, nowMs) {
      const shard = shardOf(shardId);
      expire(shard, nowMs - settings.retentionMs);
      return readRecords(shard, from, limit);
    },

    split(shardId) {
      const shard = shardOf(shardId);
      const { first, last } = shard.range;
      if (shard.closed || first === last) return;
      shard.closed = true;
      const middle = fromHex(first) + (fromHex(last) - fromHex(first)) / 2n;
      open(first, hex(middle), [shardId]);
      open(hex(middle + 1n), last, [shardId]);
    },

    merge(shardId) {
      const shard = shardOf(shardId);
      const above = fromHex(shard.range.last) + 1n;
      const neighbour = shards.find(
        ({ closed, range }) => !closed && fromHex(range.first) === above,
      );
      if (shard.closed || neighbour === undefined) return false;
      shard.closed = true;
      neighbour.closed = true;
      open(shard.range.first, neighbour.range.last, [shardId, neighbour.shardId]);
      return true;
    },

    forget(shardId, sequenceNumber) {
      forget(shardOf(shardId), sequenceNumber);
    },
  };
}

const HASH_KEYS = 2n ** 128n;

/** The open shard for a partition key. */
function shardFor(shards: readonly SimulatedShard[], partitionKey: string): SimulatedShard {
  if (shards.length === 1) return shards[0] as SimulatedShard;
  const hash = hashKey(partitionKey);
  return shards.find(
    ({ closed, range }) => !closed && range.first <= hash && hash <= range.last,
  ) as SimulatedShard;
}

function readRecords(shard: SimulatedShard, from: PollPosition, limit: number): ReadRecords {
  const { shardId, records, closed } = shard;
  const start = firstAfter(records, from);
  const read = records.slice(start, start + limit).map(
    ({ sequenceNumber, record, arrivedAtMs }): StreamRecord => ({
      shardId,
      sequenceNumber,
      partitionKey: record.partitionKey,
      data: record.data,
      arrivedAtMs,
    }),
  );
  return { records: read, endOfShard: closed && start + read.length >= records.length };
}

/** MD5, as Kinesis maps partition keys to hash keys. */
function hashKey(partitionKey: string): string {
  return createHash('md5').update(partitionKey).digest('hex');
}

function hex(value: bigint): string {
  return value.toString(16).padStart(32, '0');
}

function fromHex(hexDigits: string): bigint {
  return BigInt(`0x${hexDigits}`);
}
