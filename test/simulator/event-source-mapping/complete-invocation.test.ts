import { describe, expect, test } from '@jest/globals';
import {
  failing,
  NO_SPLIT,
  numbers,
  one,
  records,
  run,
  SUCCESS,
  THREW,
  twoLanes,
} from './run-mapping.ts';

describe('success and failure', () => {
  test('item 5: a failed batch blocks its shard and no other', () => {
    const shards = { A: { records: records(4) }, B: { records: records(4, { shardId: 'B' }) } };
    const settings = { ...NO_SPLIT, batchSize: 2 };
    const ran = run({
      shards,
      settings,
      invoke: ({ shardId, attempt, records: [first] }) =>
        shardId === 'A' && first?.sequenceNumber === '1' && attempt < 3 ? THREW : SUCCESS,
    });
    const of = (id: string) => ran.invokes.filter(({ shardId }) => shardId === id).map(numbers);
    expect(of('A')).toEqual(['1 2', '1 2', '1 2', '3 4']);
    expect(of('B')).toEqual(['1 2', '3 4']);
  });

  test('item 5: the checkpoint moves past a batch only on complete success', () => {
    const ran = run({
      shards: one(4),
      settings: { batchSize: 2, ...NO_SPLIT },
      invoke: ({ attempt }) => (attempt < 3 ? THREW : SUCCESS),
      onStep: ({ step: { state }, nowMs }) => {
        if (nowMs < 300) expect(state.shards.get('A')?.checkpoint).toBeUndefined();
      },
    });
    expect(ran.checkpoints).toEqual(['2', '4']);
  });

  test.each([
    [true, ['1 3', '2 4', '1 3', '1 3', '5', '6']],
    [false, ['1 3', '2 4', '6', '1 3', '1 3', '5']],
  ])('item 5: with blocksShard %p, a failing lane and the others', (blocksShard, batches) => {
    const ran = run({
      shards: { A: { records: records(6, { key: twoLanes }) } },
      settings: { ...NO_SPLIT, parallelizationFactor: 2, batchSize: 2, blocksShard },
      invoke: (invoke) =>
        invoke.records.length === 2 && invoke.lane === 0 && invoke.attempt < 3
          ? THREW
          : { result: SUCCESS, tookMs: 20 },
    });
    expect(ran.batches).toEqual(batches);
  });

  test('item 5: with blocksShard, the pieces of a split block the other lanes too', () => {
    const ran = run({
      shards: { A: { records: records(6, { key: twoLanes }) } },
      settings: { parallelizationFactor: 2, batchSize: 2, blocksShard: true },
      invoke: ({ lane, records }) =>
        lane === 0 && records.length === 2 ? THREW : { result: SUCCESS, tookMs: 20 },
    });
    expect(ran.batches).toEqual(['1 3', '2 4', '1', '3', '5', '6']);
  });

  test('item 5: the history has the checkpoint before the next invocation', () => {
    const ran = run({ shards: one(4), settings: { batchSize: 2 } });
    const kinds = ran.commands.flatMap((command) =>
      command.type === 'invoke' ? ['invoke'] : command.type === 'append' ? [command.fact.type] : [],
    );
    const each = ['invoke', 'answered', 'checkpoint-moved'];
    expect(kinds).toEqual([...each, ...each]);
  });

  test('item 5: with several lanes, the checkpoint lies before the lowest unfinished record', () => {
    const ran = run({
      shards: { A: { records: records(6, { key: twoLanes }) } },
      settings: { ...NO_SPLIT, parallelizationFactor: 2, batchSize: 2 },
      invoke: ({ lane, attempt }) => (lane === 0 && attempt === 1 ? THREW : SUCCESS),
    });
    // 2, 4 and 6 are done while 1 is not; then 1 and 3 are done, and 5 is not.
    expect(ran.checkpoints).toEqual(['4', '6']);
  });

  test('item 6: all records from the lowest failure on are delivered again, successes included', () => {
    const ran = run({
      shards: one(6),
      invoke: ({ attempt }) => (attempt === 1 ? failing('5', '3') : SUCCESS),
    });
    expect(ran.batches).toEqual(['1 2 3 4 5 6', '3 4 5 6']);
    expect(ran.checkpoints).toEqual(['2', '6']);
  });

  test('item 6: ignored unless switched on', () => {
    const settings = { reportBatchItemFailures: false };
    const ran = run({ shards: one(3), settings, invoke: () => failing('2') });
    expect(ran.batches).toEqual(['1 2 3']);
  });
});

describe('at least once', () => {
  const doubled = (repeatDelayMsMax: number) =>
    run({
      shards: one(6),
      settings: { batchSize: 2, repeatDeliveryRatio: 1, repeatDelayMsMax },
      invoke: ({ repeated }) => (repeated ? THREW : SUCCESS),
    });

  test('item 17: a batch that succeeded is delivered again, overlapping later batches', () => {
    const ran = doubled(0);
    expect(ran.invokes.map((i) => [i.atMs, i.repeated, i.attempt, numbers(i)])).toEqual([
      [1, false, 1, '1 2'],
      [11, false, 1, '3 4'],
      [11, true, 2, '1 2'],
      [21, false, 1, '5 6'],
      [21, true, 2, '3 4'],
      [31, true, 2, '5 6'],
    ]);
    expect(ran.drained).toBe(true);
  });

  test('item 17: or following them; the outcome of a repeat changes nothing', () => {
    const ran = doubled(9000);
    expect(ran.checkpoints).toEqual(['2', '4', '6']);
    expect(ran.invokes.filter((invoke) => invoke.repeated)).toHaveLength(3);
    expect(ran.invokes.slice(0, 3).every((invoke) => !invoke.repeated)).toBe(true);
    expect(ran.discards).toEqual([]);
  });

  test('item 17: the ratio is the fraction of batches', () => {
    const ran = run({ shards: one(1000), settings: { batchSize: 1, repeatDeliveryRatio: 0.2 } });
    const repeats = ran.invokes.filter((invoke) => invoke.repeated).length;
    expect(repeats).toBeGreaterThan(150);
    expect(repeats).toBeLessThan(250);
  });
});
