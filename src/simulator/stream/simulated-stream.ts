/**
 * A simulated Kinesis data stream: shards with hash ranges, sequence numbers, split and merge, retention,
 * and the write limits of a shard. Free of time and chance: both come in with the calls.
 */
import { createHash } from 'node:crypto';
import type { DiscoveredShard, PollPosition } from '../event-source-mapping/messages.ts';
import type { StreamRecord } from '../model/stream-record.ts';
import type { PushRecord, PutResult } from './push.ts';

export interface StreamSettings {
  readonly shards: number;
  /** How long a record is kept, milliseconds. */
  readonly retentionMs: number;
  /** Records and bytes that a shard takes a second (item 18). */
  readonly recordsPerSecond: number;
  readonly bytesPerSecond: number;
}

export interface SimulatedStream {
  /** One result for each record, in their order; a record over its shard's limit is refused by itself. */
  put(records: readonly PushRecord[], nowMs: number): PutResult[];
  /** All shards, closed ones included. */
  shards(): DiscoveredShard[];
  /** What lies after a position, of what has not expired. */
  read(shardId: string, from: PollPosition, limit: number, nowMs: number): ReadRecords;
  /** Cuts an open shard's hash range in two; its records stay with the parent. */
  split(shardId: string): void;
  /** Joins an open shard with the neighbour above it, if that is open; answers whether it did. */
  merge(shardId: string): boolean;
  openShards(): string[];
  /** Nobody will ask for records up to this one again. */
  forget(shardId: string, sequenceNumber: string): void;
  /** Records that expired before they were read. */
  expired(): number;
}

export interface ReadRecords {
  readonly records: StreamRecord[];
  /** The shard was closed, and there is nothing after these. */
  readonly endOfShard: boolean;
}

interface Shard {
  readonly shardId: string;
  readonly parents: readonly string[];
  /** 32 hexadecimal digits each, inclusive. */
  readonly first: string;
  readonly last: string;
  closed: boolean;
  records: Stored[];
  /** The second that is being counted, and what was put in it. */
  second: number;
  recordsInSecond: number;
  bytesInSecond: number;
}

interface Stored {
  readonly sequenceNumber: string;
  /** What was put; its data is asked for when it is read, so that a lazy one costs no memory before. */
  readonly record: PushRecord;
  readonly arrivedAtMs: number;
}

const HASH_KEYS = 2n ** 128n;
const FORGOTTEN_MIN = 1_000;

export function createStream(settings: StreamSettings): SimulatedStream {
  const shards: Shard[] = [];
  let sequence = 0;
  let expired = 0;

  const open = (first: string, last: string, parents: readonly string[]): void => {
    shards.push({
      shardId: `shardId-${String(shards.length).padStart(12, '0')}`,
      parents,
      first,
      last,
      closed: false,
      records: [],
      second: 0,
      recordsInSecond: 0,
      bytesInSecond: 0,
    });
  };
  for (let index = 0; index < settings.shards; index++) {
    const edge = (at: number) => (HASH_KEYS * BigInt(at)) / BigInt(settings.shards);
    open(hex(edge(index)), hex(edge(index + 1) - 1n), []);
  }
  const shardOf = (shardId: string): Shard => {
    const shard = shards.find((each) => each.shardId === shardId);
    if (shard === undefined) throw new Error(`the stream has no shard ${shardId}`);
    return shard;
  };

  const putOne = (record: PushRecord, nowMs: number): PutResult => {
    const hash = shards.length === 1 ? '' : hashKey(record.partitionKey);
    const shard =
      shards.length === 1
        ? (shards[0] as Shard)
        : (shards.find((each) => !each.closed && each.first <= hash && hash <= each.last) as Shard);
    const second = Math.floor(nowMs / 1000);
    if (shard.second !== second) {
      shard.second = second;
      shard.recordsInSecond = 0;
      shard.bytesInSecond = 0;
    }
    const bytes = record.bytes ?? record.data.byteLength;
    if (
      shard.recordsInSecond + 1 > settings.recordsPerSecond ||
      shard.bytesInSecond + bytes > settings.bytesPerSecond
    ) {
      return { error: 'ProvisionedThroughputExceededException' };
    }
    shard.recordsInSecond++;
    shard.bytesInSecond += bytes;
    const sequenceNumber = `49${String(++sequence).padStart(54, '0')}`;
    shard.records.push({ sequenceNumber, record, arrivedAtMs: nowMs });
    return { shardId: shard.shardId, sequenceNumber };
  };

  /** Those that are too old are gone, read or not. */
  const trim = (shard: Shard, from: PollPosition, oldestMs: number): void => {
    const { records } = shard;
    const gone = firstWhere(records, ({ arrivedAtMs }) => arrivedAtMs >= oldestMs);
    if (gone === 0) return;
    expired += Math.max(0, gone - startOf(records, from));
    shard.records = records.slice(gone);
  };

  return {
    put: (records, nowMs) => records.map((record) => putOne(record, nowMs)),
    shards: () => shards.map(({ shardId, parents }) => ({ shardId, parents })),
    openShards: () => shards.filter(({ closed }) => !closed).map(({ shardId }) => shardId),

    read(shardId, from, limit, nowMs) {
      const shard = shardOf(shardId);
      trim(shard, from, nowMs - settings.retentionMs);
      const { records } = shard;
      const start = startOf(records, from);
      const read = records.slice(start, start + limit).map(
        ({ sequenceNumber, record, arrivedAtMs }): StreamRecord => ({
          shardId,
          sequenceNumber,
          partitionKey: record.partitionKey,
          data: record.data,
          arrivedAtMs,
        }),
      );
      return { records: read, endOfShard: shard.closed && start + read.length >= records.length };
    },

    split(shardId) {
      const shard = shardOf(shardId);
      const [first, last] = [BigInt(`0x${shard.first}`), BigInt(`0x${shard.last}`)];
      if (shard.closed || first === last) return;
      shard.closed = true;
      const middle = first + (last - first) / 2n;
      open(shard.first, hex(middle), [shardId]);
      open(hex(middle + 1n), shard.last, [shardId]);
    },

    merge(shardId) {
      const shard = shardOf(shardId);
      const above = BigInt(`0x${shard.last}`) + 1n;
      const neighbour = shards.find((each) => !each.closed && BigInt(`0x${each.first}`) === above);
      if (shard.closed || neighbour === undefined) return false;
      shard.closed = true;
      neighbour.closed = true;
      open(shard.first, neighbour.last, [shardId, neighbour.shardId]);
      return true;
    },

    forget(shardId, sequenceNumber) {
      const shard = shardOf(shardId);
      const count = startOf(shard.records, { type: 'AFTER_SEQUENCE_NUMBER', sequenceNumber });
      // Now and then, and then many: each time moves all that are left.
      if (count > FORGOTTEN_MIN && count * 2 > shard.records.length) {
        shard.records = shard.records.slice(count);
      }
    },

    expired: () => expired,
  };
}

/** The index of the first record that a position has before it. */
function startOf(records: readonly Stored[], from: PollPosition): number {
  switch (from.type) {
    case 'TRIM_HORIZON':
      return 0;
    case 'LATEST':
      return records.length;
    case 'AT_TIMESTAMP':
      return firstWhere(records, ({ arrivedAtMs }) => arrivedAtMs >= from.atMs);
    case 'AFTER_SEQUENCE_NUMBER':
      // All have the same number of digits.
      return firstWhere(records, ({ sequenceNumber }) => sequenceNumber > from.sequenceNumber);
  }
}

/** The records are in order, so what is true of one is true of all after it. */
function firstWhere(records: readonly Stored[], isTrue: (record: Stored) => boolean): number {
  let [low, high] = [0, records.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isTrue(records[middle] as Stored)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** MD5, as Kinesis maps partition keys to hash keys. */
function hashKey(partitionKey: string): string {
  return createHash('md5').update(partitionKey).digest('hex');
}

function hex(value: bigint): string {
  return value.toString(16).padStart(32, '0');
}
