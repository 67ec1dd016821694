/** A shard of a simulated stream: its hash key range, its write limits, and its records. */
import type { PollPosition } from '../event-source-mapping/messages.ts';
import type { PushRecord } from './put-records.ts';

export interface SimulatedShard {
  readonly shardId: string;
  readonly parents: readonly string[];
  readonly range: HashKeyRange;
  closed: boolean;
  records: StoredRecord[];
  /** The current second, and what was put in it. */
  second: number;
  recordsInSecond: number;
  bytesInSecond: number;
}

/** Inclusive; 32 hexadecimal digits each. */
export interface HashKeyRange {
  readonly first: string;
  readonly last: string;
}

export interface StoredRecord {
  readonly sequenceNumber: string;
  /** Its data is made when the record is read, so that lazy data costs no memory before. */
  readonly record: PushRecord;
  readonly arrivedAtMs: number;
}

export interface ShardLimits {
  readonly recordsPerSecond: number;
  readonly bytesPerSecond: number;
}

export function createShard(
  shardId: string,
  range: HashKeyRange,
  parents: readonly string[],
): SimulatedShard {
  return {
    shardId,
    parents,
    range,
    closed: false,
    records: [],
    second: 0,
    recordsInSecond: 0,
    bytesInSecond: 0,
  };
}

/** Counts a record against the limits of the current second (item 18); false: it exceeds them. */
export function admit(
  shard: SimulatedShard,
  bytes: number,
  nowMs: number,
  limits: ShardLimits,
): boolean {
  const second = Math.floor(nowMs / 1000);
  if (shard.second !== second) {
    shard.second = second;
    shard.recordsInSecond = 0;
    shard.bytesInSecond = 0;
  }
  if (
    shard.recordsInSecond + 1 > limits.recordsPerSecond ||
    shard.bytesInSecond + bytes > limits.bytesPerSecond
  ) {
    return false;
  }
  shard.recordsInSecond++;
  shard.bytesInSecond += bytes;
  return true;
}

/** Removes records that arrived before `oldestMs`, read or not. */
export function expire(shard: SimulatedShard, oldestMs: number): void {
  const { records } = shard;
  const expired = firstWhere(records, ({ arrivedAtMs }) => arrivedAtMs >= oldestMs);
  if (expired > 0) shard.records = records.slice(expired);
}

/** Removes records up to a sequence number, once they are many: each removal moves all others. */
export function forget(shard: SimulatedShard, sequenceNumber: string): void {
  const count = firstAfter(shard.records, { type: 'AFTER_SEQUENCE_NUMBER', sequenceNumber });
  if (count > FORGOTTEN_MIN && count * 2 > shard.records.length) {
    shard.records = shard.records.slice(count);
  }
}

const FORGOTTEN_MIN = 1_000;

/** The index of the first record after a position. */
export function firstAfter(records: readonly StoredRecord[], from: PollPosition): number {
  switch (from.type) {
    case 'TRIM_HORIZON':
      return 0;
    case 'LATEST':
      return records.length;
    case 'AT_TIMESTAMP':
      return firstWhere(records, ({ arrivedAtMs }) => arrivedAtMs >= from.atMs);
    case 'AFTER_SEQUENCE_NUMBER':
      // All sequence numbers have the same length.
      return firstWhere(records, ({ sequenceNumber }) => sequenceNumber > from.sequenceNumber);
  }
}

/** Binary search. Records are in order: what holds for one holds for all later ones. */
function firstWhere(
  records: readonly StoredRecord[],
  holds: (record: StoredRecord) => boolean,
): number {
  let [low, high] = [0, records.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(records[middle] as StoredRecord)) high = middle;
    else low = middle + 1;
  }
  return low;
}
