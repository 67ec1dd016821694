import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/simulator/random.ts';
import { PushFailed, type PushOptions, pushRecords } from '../../../src/simulator/stream/push.ts';
import type { PushRecord, PutResult } from '../../../src/simulator/stream/put-records.ts';

interface Numbered extends PushRecord {
  readonly push: number;
}

const records = (count: number, bytes = 10, keys = 7): readonly Numbered[] =>
  Array.from({ length: count }, (_, push) => ({
    push,
    partitionKey: `product-${push % keys}`,
    data: new Uint8Array(bytes).fill(push % 256),
  }));

/** A stream that refuses records as told, and keeps the contents of each call. */
function fakeStream(
  refuse: (record: Numbered, call: number) => string | undefined = () => undefined,
) {
  const calls: number[][] = [];
  let sequence = 0;
  const put = async (entries: readonly PushRecord[]): Promise<readonly PutResult[]> => {
    const call = calls.push(entries.map((entry) => (entry as Numbered).push)) - 1;
    return entries.map((entry): PutResult => {
      const error = refuse(entry as Numbered, call);
      if (error !== undefined) return { error };
      sequence++;
      return { shardId: 'shardId-000000000000', sequenceNumber: String(sequence) };
    });
  };
  return { put, calls };
}

function options(
  put: PushOptions<Numbered>['put'],
  more: Partial<PushOptions<Numbered>> = {},
): PushOptions<Numbered> {
  return { put, random: seededRandom('seed', 'push'), pause: async () => {}, lanes: 1, ...more };
}

describe('pushing', () => {
  test('puts every record once, in calls of 500 at most', async () => {
    const { put, calls } = fakeStream();
    const accepted: number[] = [];
    const pushed = await pushRecords(
      records(1_201),
      options(put, { onAccepted: ({ push }) => accepted.push(push) }),
    );
    expect(pushed).toBe(1_201);
    expect(calls.map((call) => call.length)).toEqual([500, 500, 201]);
    expect(accepted).toEqual(records(1_201).map(({ push }) => push));
  });

  test('keeps a call within 5 MiB', async () => {
    const { put, calls } = fakeStream();
    await pushRecords(records(12, 1_000_000), options(put));
    expect(calls.map((call) => call.length)).toEqual([5, 5, 2]);
  });

  test('the contents of calls do not depend on timing, and a key keeps its order', async () => {
    const run = async (slowness: (call: number) => number) => {
      const { put, calls } = fakeStream();
      const slowly = async (entries: readonly PushRecord[]) => {
        const results = await put(entries);
        for (let turns = slowness(calls.length); turns > 0; turns--) await Promise.resolve();
        return results;
      };
      await pushRecords(records(5_000), options(slowly, { lanes: 3 }));
      return calls;
    };
    const even = await run(() => 0);
    const uneven = await run((call) => (call % 3) * 50);
    const text = (calls: readonly (readonly number[])[]) => calls.map(String).sort();
    expect(text(uneven)).toEqual(text(even));
    const ofOneKey = uneven.flat().filter((push) => push % 7 === 3);
    expect(ofOneKey).toEqual([...ofOneKey].sort((left, right) => left - right));
  });

  test('only refused entries are retried, after a jittered pause', async () => {
    const { put, calls } = fakeStream(({ push }, call) =>
      push % 100 === 1 && call < 2 ? 'ProvisionedThroughputExceededException' : undefined,
    );
    const pauses: number[] = [];
    const refused: unknown[] = [];
    const accepted = new Set<number>();
    await pushRecords(
      records(300),
      options(put, {
        pause: async (ms) => void pauses.push(ms),
        onRefused: (...args) => refused.push(args),
        onAccepted: ({ push }) => {
          expect(accepted.has(push)).toBe(false);
          accepted.add(push);
        },
      }),
    );
    expect(accepted.size).toBe(300);
    expect(calls.slice(1)).toEqual([
      [1, 101, 201],
      [1, 101, 201],
    ]);
    expect(refused).toEqual([
      [3, 'ProvisionedThroughputExceededException'],
      [3, 'ProvisionedThroughputExceededException'],
    ]);
    expect(pauses).toHaveLength(2);
    expect(new Set(pauses).size).toBe(2);
  });

  test('gives up after the maximum number of attempts', async () => {
    const { put, calls } = fakeStream(() => 'InternalFailure');
    const push = pushRecords(records(3), options(put, { attemptsMax: 4 }));
    await expect(push).rejects.toBeInstanceOf(PushFailed);
    await expect(push).rejects.toThrow(
      'PutRecords refused 3 records 4 times; the last error was InternalFailure',
    );
    expect(calls).toHaveLength(4);
  });

  test('a call that failed as a whole is retried, unless the failure is permanent', async () => {
    const { put } = fakeStream();
    let calls = 0;
    const flaky = async (entries: readonly PushRecord[]) => {
      calls++;
      if (calls === 1) throw Object.assign(new Error('gone'), { code: 'ECONNRESET' });
      return put(entries);
    };
    await expect(pushRecords(records(3), options(flaky))).resolves.toBe(3);
    const invalid = async () => {
      throw Object.assign(new Error('bad'), { $metadata: { httpStatusCode: 400 } });
    };
    await expect(pushRecords(records(3), options(invalid))).rejects.toThrow('bad');
  });

  test('a record over 1 MiB is refused before it is sent', async () => {
    const { put } = fakeStream();
    const tooLarge = pushRecords(records(1, 1024 * 1024), options(put));
    await expect(tooLarge).rejects.toThrow(/over 1 MiB/);
  });
});
