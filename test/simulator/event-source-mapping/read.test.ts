import { describe, expect, test } from '@jest/globals';
import {
  NO_SPLIT,
  one,
  records,
  run,
  SUCCESS,
  type TestWorld,
  THREW,
  twoLanes,
} from './run-mapping.ts';

describe('shards and positions', () => {
  const split: TestWorld['shards'] = {
    A: { records: records(4), closedAtMs: 500 },
    B: {
      records: records(2, { shardId: 'B', first: 5, atMs: 600 }),
      parents: ['A'],
      listedAtMs: 500,
    },
    C: {
      records: records(2, { shardId: 'C', first: 7, atMs: 600 }),
      parents: ['A'],
      listedAtMs: 500,
    },
    D: {
      records: records(2, { shardId: 'D', first: 9, atMs: 700 }),
      parents: ['B', 'C'],
      listedAtMs: 650,
    },
  };
  const merged = (parentFirst: boolean) =>
    run({
      shards: {
        ...split,
        B: { ...split['B'], records: split['B']?.records ?? [], closedAtMs: 650 },
        C: { ...split['C'], records: split['C']?.records ?? [], closedAtMs: 650 },
      },
      settings: { parentFirst, ...NO_SPLIT },
      invoke: ({ shardId, attempt }) =>
        shardId === 'A' && attempt < 7
          ? THREW
          : { result: SUCCESS, tookMs: shardId === 'B' ? 2000 : 10 },
    });

  test('item 19: a parent is drained before its children, after a split and a merge', () => {
    const ran = merged(true);
    expect(ran.drained).toBe(true);
    const doneAt = (id: string) =>
      ran.commands.find(
        (c) => c.type === 'append' && c.fact.type === 'checkpoint-moved' && c.fact.shardId === id,
      )?.atMs ?? -1;
    const polledAt = (id: string) => ran.polls.find(({ shardId }) => shardId === id)?.atMs ?? -1;
    expect(doneAt('A')).toBeGreaterThan(1000);
    expect(polledAt('B')).toBeGreaterThanOrEqual(doneAt('A'));
    expect(polledAt('C')).toBeGreaterThanOrEqual(doneAt('A'));
    expect(polledAt('D')).toBeGreaterThanOrEqual(Math.max(doneAt('B'), doneAt('C')));
    expect(ran.batches.at(-1)).toBe('9 10');
  });

  test('item 19: without parentFirst, children do not wait for their parents', () => {
    const ran = merged(false);
    expect(ran.drained).toBe(true);
    const last = ran.invokes.at(-1);
    expect(last?.shardId === 'A' || last?.shardId === 'B').toBe(true);
  });

  test('item 19: a parent that the stream no longer lists blocks no child', () => {
    const shards = { B: { records: records(2, { shardId: 'B' }), parents: ['A'] } };
    expect(run({ shards }).batches).toEqual(['1 2']);
  });

  test('item 20: TRIM_HORIZON starts at the oldest record, LATEST skips earlier records', () => {
    const stream = [...records(2), ...records(2, { first: 3, atMs: 1500 })];
    const from = (startingPosition: 'TRIM_HORIZON' | 'LATEST') =>
      run({ shards: { A: { records: stream } }, settings: { startingPosition } });
    expect(from('TRIM_HORIZON').batches).toEqual(['1 2', '3 4']);
    expect(from('LATEST').batches).toEqual(['3 4']);
    expect(from('LATEST').polls.slice(0, 2)).toMatchObject([
      { from: { type: 'LATEST' }, fresh: true },
      { from: { type: 'AT_TIMESTAMP', atMs: 1 }, fresh: false },
    ]);
  });

  test('item 20: at LATEST, the children of a later split are read from their beginning', () => {
    const ran = run({
      shards: {
        A: { records: [], closedAtMs: 500 },
        B: { records: records(2, { shardId: 'B', atMs: 600 }), parents: ['A'], listedAtMs: 500 },
      },
      settings: { startingPosition: 'LATEST' },
    });
    expect(ran.batches).toEqual(['1 2']);
  });

  test('item 20: a mapping can start at the checkpoint of an earlier one', () => {
    const ran = run({ shards: { A: { records: records(4), checkpoint: '2' } } });
    expect(ran.batches).toEqual(['3 4']);
  });

  test('item 20: nothing is polled or invoked while off; switched on again, it continues', () => {
    const ran = run({
      shards: { A: { records: [...records(4), ...records(2, { first: 5, atMs: 3000 })] } },
      settings: { batchSize: 2 },
      switchedAtMs: [5, 5000],
    });
    expect(ran.batches).toEqual(['1 2', '3 4', '5 6']);
    expect(ran.invokes.map(({ atMs }) => atMs >= 5000)).toEqual([false, true, true]);
    expect(ran.polls.some(({ atMs }) => atMs > 5 && atMs < 5000)).toBe(false);
    // The invocation that ended while the mapping was off counted.
    expect(ran.checkpoints).toEqual(['2', '4', '6']);
  });

  test('item 20: at LATEST, records put while the mapping is off are not missed', () => {
    const ran = run({
      shards: { A: { records: records(2, { atMs: 1000 }) } },
      settings: { startingPosition: 'LATEST' },
      switchedAtMs: [5, 5000],
    });
    expect(ran.batches).toEqual(['1 2']);
  });

  test.each([
    [true, ['1 3', '2 4', '1 3', '2 4'], [1, 1, 1, 1]],
    [false, ['1 3', '2 4', '1 3'], [1, 1, 2]],
  ])('item 20: switched on again with rereadOnResume %p', (rereadOnResume, batches, attempts) => {
    const ran = run({
      shards: { A: { records: records(4, { key: twoLanes }) } },
      settings: { ...NO_SPLIT, parallelizationFactor: 2, rereadOnResume },
      invoke: ({ lane }, nowMs) => (lane === 0 && nowMs < 50 ? THREW : SUCCESS),
      switchedAtMs: [50, 2000],
    });
    expect(ran.batches).toEqual(batches);
    expect(ran.invokes.map(({ attempt }) => attempt)).toEqual(attempts);
    expect(ran.checkpoints.at(-1)).toBe('4');
    expect(ran.drained).toBe(true);
  });

  test('item 20: a shard with a poll in flight is not reread', () => {
    const stream = [...records(2), ...records(2, { first: 3, atMs: 900 })];
    const ran = run({
      shards: { A: { records: stream } },
      settings: { batchWindowMs: 5000 },
      pollTakesMs: (nowMs) => (nowMs === 1000 ? 300 : 1),
      switchedAtMs: [1100, 1200],
    });
    expect(ran.batches).toEqual(['1 2 3 4']);
  });

  test('item 20: a shard with an invocation in flight is not reread', () => {
    const ran = run({
      shards: one(4),
      settings: { batchSize: 2 },
      invoke: () => ({ result: SUCCESS, tookMs: 300 }),
      switchedAtMs: [50, 100],
    });
    expect(ran.batches).toEqual(['1 2', '3 4']);
  });
});
