import { describe, expect, test } from '@jest/globals';
import { checkpoints } from '../../../src/simulator/event-source-mapping/selectors.ts';
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
} from './world.ts';

describe('success and failure', () => {
  test('item 5: a failed batch blocks its shard, other shards go on', () => {
    const shards = { A: { records: records(4) }, B: { records: records(4, { shardId: 'B' }) } };
    const settings = { ...NO_SPLIT, batchSize: 2 };
    const ran = run({
      shards,
      settings,
      answer: ({ shardId, attempt, records: [first] }) =>
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
      answer: ({ attempt }) => (attempt < 3 ? THREW : SUCCESS),
      onStep: ({ step: { state }, nowMs }) => {
        if (nowMs < 300) expect(checkpoints(state).size).toBe(0);
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
      answer: (invoke) =>
        invoke.records.length === 2 && invoke.lane === 0 && invoke.attempt < 3
          ? THREW
          : { answer: SUCCESS, tookMs: 20 },
    });
    expect(ran.batches).toEqual(batches);
  });

  test('item 5: with blocksShard, what a split left holds the other lanes up too', () => {
    const ran = run({
      shards: { A: { records: records(6, { key: twoLanes }) } },
      settings: { parallelizationFactor: 2, batchSize: 2, blocksShard: true },
      answer: ({ lane, records }) =>
        lane === 0 && records.length === 2 ? THREW : { answer: SUCCESS, tookMs: 20 },
    });
    expect(ran.batches).toEqual(['1 3', '2 4', '1', '3', '5', '6']);
  });

  test('item 5: the history has the checkpoint before the next invocation', () => {
    const ran = run({ shards: one(4), settings: { batchSize: 2 } });
    const kinds = ran.commands.flatMap((command) =>
      command.type === 'invoke' ? ['invoke'] : command.type === 'record' ? [command.fact.type] : [],
    );
    const each = ['invoke', 'answered', 'checkpoint-moved'];
    expect(kinds).toEqual([...each, ...each]);
  });

  test('item 5: with lanes the checkpoint is the lowest not yet done', () => {
    const ran = run({
      shards: { A: { records: records(6, { key: twoLanes }) } },
      settings: { ...NO_SPLIT, parallelizationFactor: 2, batchSize: 2 },
      answer: ({ lane, attempt }) => (lane === 0 && attempt === 1 ? THREW : SUCCESS),
    });
    // 2 4 6 are done while 1 is not; then 1 3 are, and 5 isn't.
    expect(ran.checkpoints).toEqual(['4', '6']);
  });

  test('item 6: from the lowest failure on everything is delivered again, successes included', () => {
    const ran = run({
      shards: one(6),
      answer: ({ attempt }) => (attempt === 1 ? failing('5', '3') : SUCCESS),
    });
    expect(ran.batches).toEqual(['1 2 3 4 5 6', '3 4 5 6']);
    expect(ran.checkpoints).toEqual(['2', '6']);
  });

  test('item 6: ignored unless switched on', () => {
    const settings = { reportBatchItemFailures: false };
    const ran = run({ shards: one(3), settings, answer: () => failing('2') });
    expect(ran.batches).toEqual(['1 2 3']);
  });
});

describe('at least once', () => {
  const doubled = (repeatDelayMsMax: number) =>
    run({
      shards: one(6),
      settings: { batchSize: 2, repeatDeliveryRatio: 1, repeatDelayMsMax },
      answer: ({ repeated }) => (repeated ? THREW : SUCCESS),
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

  test('item 17: or following them; how a repeat ends changes nothing', () => {
    const ran = doubled(9000);
    expect(ran.checkpoints).toEqual(['2', '4', '6']);
    expect(ran.invokes.filter((invoke) => invoke.repeated)).toHaveLength(3);
    expect(ran.invokes.slice(0, 3).every((invoke) => !invoke.repeated)).toBe(true);
    expect(ran.discards).toEqual([]);
  });

  test('item 17: the ratio is the share of batches', () => {
    const ran = run({ shards: one(1000), settings: { batchSize: 1, repeatDeliveryRatio: 0.2 } });
    const repeats = ran.invokes.filter((invoke) => invoke.repeated).length;
    expect(repeats).toBeGreaterThan(150);
    expect(repeats).toBeLessThan(250);
  });
});
