import { describe, expect, test } from '@jest/globals';
import { createPassages, timelineOf } from '../../../load/measure/passages.ts';

const record = (shardId: string, sequenceNumber: string, arrivedAtMs: number) => ({
  shardId,
  sequenceNumber,
  arrivedAtMs,
  partitionKey: 'p',
  data: new Uint8Array(),
});

describe('passages', () => {
  test('end when the checkpoint of their shard has moved past them', () => {
    let now = 1_000;
    const passages = createPassages(() => now);
    for (const number of ['9', '10', '11']) passages.arrived(record('a', number, 500));
    passages.arrived(record('b', '1', 600));
    passages.read({ atMs: 0, type: 'checkpoint-moved', shardId: 'a', sequenceNumber: '10' });
    expect(passages.waiting()).toBe(2);
    now = 2_000;
    passages.read({ atMs: 0, type: 'checkpoint-moved', shardId: 'b', sequenceNumber: '1' });
    expect(passages.all().map(({ doneAtMs }) => doneAtMs)).toEqual([1_000, 1_000, Infinity, 2_000]);
  });

  test('make a timeline of backlog and age, to the end of the last one', () => {
    const moments = timelineOf([
      { arrivedAtMs: 10_000, doneAtMs: 10_500 },
      { arrivedAtMs: 10_900, doneAtMs: 12_800 },
      { arrivedAtMs: 10_200, doneAtMs: 12_100 },
      { arrivedAtMs: 11_500, doneAtMs: 11_900 },
    ]);
    expect(moments).toEqual([
      { seconds: 1, arrivedPerSecond: 3, donePerSecond: 1, backlog: 2, oldestAgeMs: 800 },
      { seconds: 2, arrivedPerSecond: 1, donePerSecond: 1, backlog: 2, oldestAgeMs: 1_800 },
      { seconds: 3, arrivedPerSecond: 0, donePerSecond: 2, backlog: 0, oldestAgeMs: 0 },
    ]);
  });

  test('that never end stay in the backlog; without passages there is no timeline', () => {
    const [last] = timelineOf([{ arrivedAtMs: 0, doneAtMs: Infinity }]).slice(-1);
    expect(last).toMatchObject({ backlog: 1, oldestAgeMs: 1_000 });
    expect(timelineOf([]).every(({ backlog }) => backlog === 0)).toBe(true);
  });
});
