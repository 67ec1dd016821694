import { describe, expect, test } from '@jest/globals';
import { createProducer, type Metrics } from '../../../load/engine/producer.ts';
import { seededRandom } from '../../../src/simulator/random.ts';
import type { AcceptedAt, PutResult } from '../../../src/simulator/stream/put-records.ts';
import { ANY, feed } from './plain-feed.ts';

/** Counts metrics as artillery does, and keeps the values of histograms. */
function recorded() {
  const counters: Record<string, number> = {};
  const histograms: Record<string, number[]> = {};
  const metrics: Metrics = {
    emit(type: string, name: string = '', value: number = 0) {
      if (type === 'counter') counters[name] = (counters[name] ?? 0) + value;
      if (type === 'histogram') histograms[name] = [...(histograms[name] ?? []), value];
    },
  };
  return { metrics, counters, histograms };
}

function producer(errorOf: (call: number, entry: number) => string | undefined) {
  const calls: number[] = [];
  const pauses: number[] = [];
  const acknowledged: AcceptedAt[] = [];
  let now = 0;
  const made = createProducer({
    async put(records) {
      const call = calls.push(records.length);
      now += 7;
      return records.map((_, entry): PutResult => {
        const error = errorOf(call, entry);
        return error === undefined
          ? { shardId: 'shardId-000000000000', sequenceNumber: `${call}${entry}` }
          : { error };
      });
    },
    random: seededRandom('S', 'producer'),
    pause: async (ms) => {
      pauses.push(ms);
    },
    nowMs: () => now,
    onAcknowledged: (records) => acknowledged.push(...records),
  });
  return { ...made, calls, pauses, acknowledged };
}

const events = (count: number) => feed().take(count, ANY);

describe('a producer', () => {
  test('puts the given number of records per call, and counts them', async () => {
    const { put, calls, acknowledged } = producer(() => undefined);
    const { metrics, counters, histograms } = recorded();
    await put(events(25), 10, metrics);
    expect(calls).toEqual([10, 10, 5]);
    expect(acknowledged).toHaveLength(25);
    expect(counters).toMatchObject({
      'kinesis.records.offered': 25,
      'kinesis.records.taken': 25,
      'kinesis.records.failed': 0,
      'kinesis.calls': 3,
    });
    expect(counters['kinesis.bytes']).toBeGreaterThan(25 * 300);
    expect(histograms['kinesis.put_ms']).toEqual([7, 7, 7]);
  });

  test('retries only refused entries, after pauses, and counts the reasons', async () => {
    const throughput = 'ProvisionedThroughputExceededException';
    const { put, calls, pauses, acknowledged } = producer((call, entry) => {
      if (call === 1 && entry < 4) return throughput;
      return call === 2 && entry === 0 ? 'InternalFailure' : undefined;
    });
    const { metrics, counters } = recorded();
    await put(events(10), 500, metrics);
    expect(calls).toEqual([10, 4, 1]);
    expect(pauses).toHaveLength(2);
    expect(acknowledged).toHaveLength(10);
    expect(counters).toMatchObject({
      'kinesis.records.throttled': 4,
      'kinesis.records.refused': 1,
      'kinesis.records.taken': 10,
      'kinesis.records.failed': 0,
    });
  });

  test('gives up in the end, and reports the acknowledged records', async () => {
    const { put, acknowledged } = producer((_call, entry) =>
      entry === 0 ? 'InternalFailure' : undefined,
    );
    const { metrics, counters } = recorded();
    await expect(put(events(3), 500, metrics)).rejects.toThrow(
      'PutRecords refused 1 record 10 times',
    );
    expect(acknowledged).toHaveLength(2);
    expect(counters).toMatchObject({ 'kinesis.records.taken': 2, 'kinesis.records.failed': 1 });
  });
});
