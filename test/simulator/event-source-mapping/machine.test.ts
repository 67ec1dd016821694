import { describe, expect, test } from '@jest/globals';
import { step } from '../../../src/simulator/event-source-mapping/machine.ts';
import { inFlight } from '../../../src/simulator/event-source-mapping/selectors.ts';
import { eventSourceMapping } from '../../../src/simulator/event-source-mapping/settings.ts';
import { createMapping } from '../../../src/simulator/event-source-mapping/state.ts';
import { numbers, one, records, run, SUCCESS, type TestWorld, twoLanes } from './run-mapping.ts';

describe('batches', () => {
  test('item 1: an invocation holds records of one shard, and shards run side by side', () => {
    const ran = run({
      shards: { A: { records: records(3) }, B: { records: records(3, { shardId: 'B' }) } },
    });
    expect(ran.invokes.map(({ shardId, atMs }) => [shardId, atMs])).toEqual([
      ['A', 1],
      ['B', 1],
    ]);
    for (const { shardId, records } of ran.invokes) {
      expect(records.every((record) => record.shardId === shardId)).toBe(true);
    }
  });

  test('item 1: a shard is polled once an interval, even if a poll is slow or fails', () => {
    const polls = (world: Partial<TestWorld>) =>
      run({ shards: one(1), untilMs: 3500, goesOn: true, ...world }).polls.map((poll) => poll.atMs);
    expect(polls({})).toEqual([0, 1000, 2000, 3000]);
    expect(polls({ pollTakesMs: () => 1300 })).toEqual([0, 1300, 2600]);
    expect(polls({ pollFails: (_, nowMs) => nowMs < 1500 })).toEqual([0, 1000, 2000, 3000]);
    expect(polls({ settings: { pollIntervalMs: 2000 } })).toEqual([0, 2000]);
  });

  test('item 1: after a failed poll, the next one continues after the last record with a new iterator', () => {
    const stream = [...records(2), ...records(2, { first: 3, atMs: 1500 })];
    const ran = run({
      shards: { A: { records: stream } },
      pollFails: (_, nowMs) => nowMs === 1001,
    });
    expect(ran.polls.slice(0, 3).map(({ from, fresh }) => [from, fresh])).toEqual([
      [{ type: 'TRIM_HORIZON' }, true],
      [{ type: 'AFTER_SEQUENCE_NUMBER', sequenceNumber: '2' }, false],
      [{ type: 'AFTER_SEQUENCE_NUMBER', sequenceNumber: '2' }, true],
    ]);
    expect(ran.batches).toEqual(['1 2', '3 4']);
  });

  test('item 3: lanes run side by side, each partition key in order within one lane', () => {
    const stream = records(8, { key: twoLanes });
    const settings = { parallelizationFactor: 2, batchSize: 2 };
    const ran = run({ shards: { A: { records: stream } }, settings });
    expect(ran.invokes.map((invoke) => [invoke.atMs, numbers(invoke)])).toEqual([
      [1, '1 3'],
      [1, '2 4'],
      [11, '5 7'],
      [11, '6 8'],
    ]);
  });

  test('polling stops at the buffer limit and resumes when the checkpoint moves', () => {
    const settings = { bufferRecordsMax: 6, batchSize: 2 };
    const invoke = () => ({ result: SUCCESS, tookMs: 1500 });
    const ran = run({ shards: one(10), settings, invoke });
    expect(ran.polls.slice(0, 3).map(({ atMs, limit }) => [atMs, limit])).toEqual([
      [0, 6],
      [1501, 2],
      [3001, 2],
    ]);
    expect(ran.drained).toBe(true);
  });
});

describe('the driver', () => {
  const settings = eventSourceMapping();
  const random = () => 0;
  const polled = {
    type: 'polled',
    shardId: 'A',
    millisBehindLatest: 0,
    endOfShard: false,
  } as const;

  test('gets an error for a response that no command asked for', () => {
    const state = createMapping(settings);
    const answered = { type: 'answered', invocationId: 1, result: SUCCESS } as const;
    expect(() => step(state, answered, 0, random)).toThrow('no invocation 1');
    expect(() => step(state, { ...polled, records: [] }, 0, random)).toThrow('unknown shard A');
  });

  test('gets another wake if its timer fired too early', () => {
    const shards = [{ shardId: 'A', parents: [] }];
    let { state } = step(createMapping(settings), { type: 'shards-discovered', shards }, 0, random);
    ({ state } = step(state, { ...polled, records: [] }, 1, random));
    expect(step(state, { type: 'tick' }, 999, random).commands).toEqual([
      { type: 'wake', atMs: 1000 },
    ]);
    expect(step(state, { type: 'tick' }, 1000, random).commands[0]?.type).toBe('poll');
  });

  test('sees what is in flight; records that a poll returns twice are dropped', () => {
    const shards = [{ shardId: 'A', parents: [] }];
    let { state } = step(createMapping(settings), { type: 'shards-discovered', shards }, 0, random);
    ({ state } = step(state, { ...polled, records: records(2) }, 1, random));
    expect(inFlight(state)).toMatchObject([{ invocationId: 1, shardId: 'A', repeated: false }]);
    ({ state } = step(state, { type: 'tick' }, 1000, random));
    ({ state } = step(state, { ...polled, records: records(3) }, 1001, random));
    const answered = { type: 'answered', invocationId: 1, result: SUCCESS } as const;
    const { commands } = step(state, answered, 1002, random);
    expect(commands.flatMap((c) => (c.type === 'invoke' ? [numbers(c)] : []))).toEqual(['3']);
  });
});
