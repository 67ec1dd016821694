import { describe, expect, test } from '@jest/globals';
import type { PushRecord } from '../../../src/simulator/stream/put-records.ts';
import { createSimulatedStream } from '../../../src/simulator/stream/simulated-stream.ts';

const HORIZON = { type: 'TRIM_HORIZON' } as const;
const records = (count: number): PushRecord[] =>
  Array.from({ length: count }, (_, at) => ({
    partitionKey: `key ${at}`,
    data: new TextEncoder().encode(String(at)),
  }));
const settings = { retentionMs: 1_000, recordsPerSecond: 1_000, bytesPerSecond: 1024 * 1024 };
const open = (shards: number, changes: Partial<typeof settings> = {}) =>
  createSimulatedStream({ ...settings, ...changes, shards });
type Stream = ReturnType<typeof open>;
const textsOf = (stream: Stream, shardId: string, nowMs = 0) =>
  stream
    .read(shardId, HORIZON, 10_000, nowMs)
    .records.map(({ data }) => Buffer.from(data).toString());

describe('put and read', () => {
  test('every record is in one shard, in the order of sequence numbers', () => {
    const stream = open(3);
    const results = stream.put(records(300), 0);
    const [first, second, third] = stream.openShards().map((shardId) => textsOf(stream, shardId));
    expect(
      [first, second, third]
        .flat()
        .map(Number)
        .sort((a, b) => a - b),
    ).toEqual(Array.from({ length: 300 }, (_, at) => at));
    for (const texts of [first, second, third]) expect(texts?.length).toBeGreaterThan(60);
    const numbers = results.map((result) => ('shardId' in result ? result.sequenceNumber : ''));
    expect(numbers.toSorted()).toEqual(numbers);
    expect(numbers[0]).toMatch(/^\d{56}$/);
  });

  test('a partition key selects one shard, the same as on Kinesis', () => {
    const stream = open(2);
    // md5('a') begins with 0c, md5('b') with 92.
    const [a, b, again] = ['a', 'b', 'a'].map(
      (partitionKey) => stream.put([{ partitionKey, data: new Uint8Array() }], 0)[0],
    );
    expect([a, b, again]).toEqual([
      expect.objectContaining({ shardId: 'shardId-000000000000' }),
      expect.objectContaining({ shardId: 'shardId-000000000001' }),
      expect.objectContaining({ shardId: 'shardId-000000000000' }),
    ]);
  });

  test('a reader continues after a sequence number, and gets no more than its limit', () => {
    const stream = open(1);
    stream.put(records(10), 0);
    const [shardId = ''] = stream.openShards();
    const first = stream.read(shardId, HORIZON, 4, 0);
    const sequenceNumber = first.records.at(-1)?.sequenceNumber ?? '';
    const rest = stream.read(shardId, { type: 'AFTER_SEQUENCE_NUMBER', sequenceNumber }, 100, 0);
    expect([first.records.length, rest.records.length, rest.endOfShard]).toEqual([4, 6, false]);
    expect(stream.read(shardId, { type: 'LATEST' }, 100, 0).records).toEqual([]);
  });

  test('lazy data is made only when it is read', () => {
    const stream = open(1);
    let made = 0;
    const lazy: PushRecord = {
      partitionKey: 'k',
      bytes: 3,
      get data() {
        made++;
        return new Uint8Array(3);
      },
    };
    stream.put([lazy], 0);
    expect(made).toBe(0);
    stream.read(stream.openShards()[0] ?? '', HORIZON, 1, 0);
    expect(made).toBe(1);
  });
});

describe('limits of a shard per second', () => {
  test('records over the limit are refused one by one', () => {
    const stream = open(1, { recordsPerSecond: 3 });
    const refused = { error: 'ProvisionedThroughputExceededException' };
    expect(stream.put(records(5), 10).slice(3)).toEqual([refused, refused]);
    expect(stream.put(records(1), 999)).toEqual([refused]);
    expect(stream.put(records(1), 1_000)).toEqual([
      expect.objectContaining({ shardId: 'shardId-000000000000' }),
    ]);
  });

  test('bytes over the limit are refused; a smaller record may still fit', () => {
    const stream = open(1, { bytesPerSecond: 10 });
    const sized = (bytes: number) => ({ partitionKey: 'k', data: new Uint8Array(bytes) });
    const results = stream.put([sized(8), sized(4), sized(2)], 0);
    expect(results.map((result) => 'error' in result)).toEqual([false, true, false]);
  });
});

describe('resharding', () => {
  test('records put before a split stay with the parent, later ones go to the children', () => {
    const stream = open(1);
    stream.put(records(10), 0);
    const [parent = ''] = stream.openShards();
    stream.split(parent);
    stream.put(records(100), 0);
    expect(stream.shards()).toEqual([
      { shardId: parent, parents: [] },
      { shardId: 'shardId-000000000001', parents: [parent] },
      { shardId: 'shardId-000000000002', parents: [parent] },
    ]);
    const [low, high] = stream.openShards().map((shardId) => textsOf(stream, shardId).length);
    expect([textsOf(stream, parent).length, (low ?? 0) + (high ?? 0)]).toEqual([10, 100]);
    expect(Math.min(low ?? 0, high ?? 0)).toBeGreaterThan(20);
    expect(stream.read(parent, HORIZON, 100, 0).endOfShard).toBe(true);
    expect(stream.read(parent, HORIZON, 5, 0).endOfShard).toBe(false);
  });

  test('a merge joins neighbours if both are open', () => {
    const stream = open(3);
    const [first = '', second = '', third = ''] = stream.openShards();
    expect(stream.merge(third)).toBe(false);
    expect(stream.merge(first)).toBe(true);
    expect(stream.merge(first)).toBe(false);
    expect(stream.merge(second)).toBe(false);
    expect(stream.shards().at(-1)?.parents).toEqual([first, second]);
    stream.put(records(60), 0);
    const counts = stream.openShards().map((shardId) => textsOf(stream, shardId).length);
    expect(counts.reduce((sum, count) => sum + count)).toBe(60);
  });

  test('every hash key has one open shard after any splits and merges', () => {
    const stream = open(4);
    for (let round = 0; round < 40; round++) {
      const shards = stream.openShards();
      const shardId = shards[round % shards.length] ?? '';
      if (round % 3 === 0 || !stream.merge(shardId)) stream.split(shardId);
      expect(stream.put(records(20), round * 1_000).every((result) => 'shardId' in result)).toBe(
        true,
      );
    }
  });
});

describe('retention', () => {
  test('a record expires after the retention', () => {
    const stream = open(1);
    const [shardId = ''] = stream.openShards();
    stream.put(records(3), 0);
    stream.put(records(2), 900);
    expect(textsOf(stream, shardId, 1_000).length).toBe(5);
    expect(textsOf(stream, shardId, 1_001).length).toBe(2);
    expect(textsOf(stream, shardId, 1_002).length).toBe(2);
  });

  test('checkpointed records are forgotten, and the others stay readable', () => {
    const stream = open(1, { recordsPerSecond: 10_000 });
    const [shardId = ''] = stream.openShards();
    const results = stream.put(records(3_000), 0);
    const at = (index: number) => (results[index] as { sequenceNumber: string }).sequenceNumber;
    stream.forget(shardId, at(10));
    expect(textsOf(stream, shardId).length).toBe(3_000);
    stream.forget(shardId, at(1_999));
    expect(textsOf(stream, shardId)[0]).toBe('2000');
    const after = { type: 'AFTER_SEQUENCE_NUMBER', sequenceNumber: at(2_500) } as const;
    expect(stream.read(shardId, after, 10_000, 0).records.length).toBe(499);
  });
});
