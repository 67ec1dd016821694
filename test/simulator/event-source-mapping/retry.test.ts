import { describe, expect, test } from '@jest/globals';
import {
  failing,
  NO_SPLIT,
  numbers,
  one,
  records,
  run,
  SUCCESS,
  type TestWorld,
  THREW,
  THROTTLED,
} from './run-mapping.ts';

describe('retries', () => {
  test.each([0, 1, 3])('item 9: %i retries allow one more invocation', (retryAttemptsMax) => {
    const ran = run({
      shards: one(2),
      settings: { ...NO_SPLIT, retryAttemptsMax },
      invoke: () => THREW,
    });
    expect(ran.invokes).toHaveLength(retryAttemptsMax + 1);
    expect(ran.invokes.map(({ attempt }) => attempt)).toEqual(
      ran.invokes.map((_, index) => index + 1),
    );
    expect(ran.discards).toMatchObject([
      { reason: 'retry-attempts-exhausted', invocations: retryAttemptsMax + 1 },
    ]);
    expect(ran.checkpoints).toEqual(['2']);
    expect(ran.drained).toBe(true);
  });

  test('item 9: a time-out and a crash use up retries like an exception', () => {
    for (const result of [{ kind: 'timed-out' }, { kind: 'crashed', error: 'SIGKILL' }] as const) {
      const settings = { ...NO_SPLIT, retryAttemptsMax: 1 };
      expect(run({ shards: one(1), settings, invoke: () => result }).invokes).toHaveLength(2);
    }
  });

  test('item 9: without a limit, until the record expires from the stream', () => {
    const ran = run({
      shards: one(1),
      settings: { retentionMs: 600_000 },
      invoke: () => THREW,
    });
    expect(ran.invokes.length).toBeGreaterThan(50);
    expect(ran.discards).toMatchObject([
      { reason: 'record-age-exceeded', invocations: ran.invokes.length },
    ]);
    expect(ran.discards[0]?.atMs).toBeGreaterThan(600_000);
    expect(ran.drained).toBe(true);
  });

  /** Reports the first record as failed, but record 3 at the third attempt from record 1. */
  const poison = (world: Partial<TestWorld['settings']>) =>
    run({
      shards: one(4),
      settings: { retryAttemptsMax: 2, ...world },
      invoke: ({ records: [first], attempt }) =>
        first?.sequenceNumber === '1' && attempt === 3
          ? failing('3')
          : first
            ? failing(first.sequenceNumber)
            : SUCCESS,
    }).batches;

  test('item 10: partial progress resets the retries', () => {
    const whole = '1 2 3 4';
    expect(poison({ resetRetriesOnProgress: true })).toEqual([
      whole,
      whole,
      whole,
      '3 4',
      '3 4',
      '3 4',
    ]);
    // The split at 3 uses up no retry, but both were used before it.
    expect(poison({ resetRetriesOnProgress: false })).toEqual([whole, whole, whole, '3 4']);
    expect(poison({ resetRetriesOnProgress: false, ...NO_SPLIT })).toEqual([whole, whole, whole]);
  });

  test('item 11: a throttled invocation uses up no retry and counts as no attempt', () => {
    const ran = run({
      shards: one(2),
      settings: { ...NO_SPLIT, retryAttemptsMax: 1 },
      invoke: ({ invocationId }) => ([1, 2, 4, 5].includes(invocationId) ? THROTTLED : THREW),
    });
    expect(ran.invokes.map(({ attempt }) => attempt)).toEqual([1, 1, 1, 2, 2, 2]);
    expect(ran.discards).toMatchObject([{ invocations: 2 }]);
    expect(ran.batches).toEqual(Array(6).fill('1 2'));
  });

  test('item 12: a failed batch is split in two, which uses up no retry', () => {
    const ran = run({
      shards: one(5),
      settings: { retryAttemptsMax: 1 },
      invoke: (invoke) => (invoke.records.some((r) => r.sequenceNumber === '3') ? THREW : SUCCESS),
    });
    expect(ran.batches).toEqual(['1 2 3 4 5', '1 2', '3 4 5', '3', '3', '4 5']);
    expect(ran.discards.map(numbers)).toEqual(['3']);
    const splits = ran.commands.flatMap((command) =>
      command.type === 'append' && command.fact.type === 'batch-split' ? [command.fact.sizes] : [],
    );
    expect(splits).toEqual([
      [2, 3],
      [1, 2],
    ]);
    expect(ran.checkpoints).toEqual(['2', '3', '5']);
  });

  test('item 12: a partial response splits at the reported record, and only the rest is retried', () => {
    const ran = run({
      shards: one(5),
      invoke: ({ attempt }) => (attempt === 1 ? failing('4') : SUCCESS),
    });
    expect(ran.batches).toEqual(['1 2 3 4 5', '4 5']);
    expect(ran.commands).toContainEqual({
      type: 'append',
      atMs: 11,
      fact: { type: 'batch-split', shardId: 'A', sizes: [3, 2] },
    });
  });

  test.each([
    [false, ['1 2 3 4', '1 2 3 4']],
    [true, ['1 2 3 4', '1 2', '1', '1', '2', '3 4']],
  ])(
    'item 12: a partial response that names the first record, bisectWithoutProgress %p',
    (bisectWithoutProgress, batches) => {
      const ran = run({
        shards: one(4),
        settings: { retryAttemptsMax: 1, bisectWithoutProgress },
        invoke: ({ records: [first] }) => (first?.sequenceNumber === '1' ? failing('1') : SUCCESS),
      });
      expect(ran.batches).toEqual(batches);
    },
  );

  test('item 15: the back-off grows to its limit, less the jitter', () => {
    const waits = (jitterRatio: number) => {
      const starts = run({
        shards: one(1),
        settings: {
          retryAttemptsMax: 5,
          retryBackoff: { firstMs: 100, maxMs: 500, factor: 2, jitterRatio },
        },
        random: () => 0.5,
        invoke: () => THREW,
      }).invokes.map(({ atMs }) => atMs);
      return starts.slice(1).map((atMs, index) => atMs - (starts[index] ?? 0) - 10);
    };
    expect(waits(0)).toEqual([100, 200, 400, 500, 500]);
    expect(waits(1)).toEqual([50, 100, 200, 250, 250]);
  });

  test('rebatchOnRetryRatio: a retry gets new boundaries and loses no record', () => {
    const ran = run({
      shards: one(9),
      settings: { ...NO_SPLIT, batchSize: 4, rebatchOnRetryRatio: 1 },
      invoke: ({ records, attempt }) => (attempt === 1 && records.length > 1 ? THREW : SUCCESS),
    });
    expect(new Set(ran.batches.map((batch) => batch.split(' ').length)).size).toBeGreaterThan(1);
    expect(new Set(ran.batches.join(' ').split(' ')).size).toBe(9);
    expect(ran.checkpoints.at(-1)).toBe('9');
  });
});

describe('expiry and discard', () => {
  test('item 13: expired records are cut out and the rest is delivered', () => {
    const stream = [...records(2), ...records(2, { first: 3, atMs: 3000 })];
    const ran = run({
      shards: { A: { records: stream } },
      settings: { ...NO_SPLIT, recordAgeMsMax: 5000, batchWindowMs: 4000 },
      invoke: (_, nowMs) => (nowMs < 6000 ? { result: THREW, tookMs: 2500 } : SUCCESS),
    });
    expect(ran.batches).toEqual(['1 2 3 4', '3 4']);
    expect(ran.discards.map((d) => [d.reason, d.invocations, numbers(d)])).toEqual([
      ['record-age-exceeded', 1, '1 2'],
    ]);
    expect(ran.checkpoints).toEqual(['2', '4']);
  });

  test('item 13: a record whose age is exactly the limit has not expired', () => {
    const at = (recordAgeMsMax: number) =>
      run({ shards: one(1), settings: { recordAgeMsMax, batchWindowMs: 5000 } }).batches;
    expect(at(5001)).toEqual(['1']);
    expect(at(5000)).toEqual([]);
  });

  test('item 13: a record can expire without ever being delivered', () => {
    const ran = run({
      shards: one(4),
      settings: { ...NO_SPLIT, recordAgeMsMax: 1000, batchSize: 2 },
      invoke: () => ({ result: THREW, tookMs: 1200 }),
    });
    expect(ran.batches).toEqual(['1 2']);
    expect(ran.discards.map((d) => [numbers(d), d.invocations])).toEqual([
      ['1 2', 1],
      ['3 4', 0],
    ]);
    expect(ran.checkpoints).toEqual(['4']);
  });

  test('item 14: the failure destination gets the batch, and the shard moves on', () => {
    const stream = [
      ...records(2, { atMs: 250 }),
      ...records(1, { first: 3, atMs: 900 }),
      ...records(1, { first: 4, atMs: 950 }),
    ];
    const ran = run({
      shards: { A: { records: stream } },
      settings: { ...NO_SPLIT, batchSize: 3, retryAttemptsMax: 1 },
      invoke: ({ records: [first] }) => (first?.sequenceNumber === '1' ? THREW : SUCCESS),
    });
    expect(ran.batches).toEqual(['1 2 3', '1 2 3', '4']);
    expect(ran.discards.map(numbers)).toEqual(['1 2 3']);
    expect(ran.discards).toMatchObject([
      { shardId: 'A', reason: 'retry-attempts-exhausted', invocations: 2, atMs: 1121 },
    ]);
  });
});
