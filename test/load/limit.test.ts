import { describe, expect, test } from '@jest/globals';
import { firstLimit, type Observations } from '../../load/limit.ts';
import type { Moment } from '../../load/passages.ts';

/** A run of these ages of the oldest record, second by second. */
function timeline(...agesMs: number[]): Moment[] {
  return agesMs.map((oldestAgeMs, index) => ({
    seconds: index + 1,
    arrivedPerSecond: 100 * (index + 1),
    donePerSecond: 100,
    backlog: oldestAgeMs / 10,
    oldestAgeMs,
  }));
}

function observed(more: Partial<Observations> = {}): Observations {
  return {
    offered: 1_000,
    throttled: 0,
    timeline: timeline(0, 100, 50, 0),
    putSeconds: 4,
    processors: { dynoxide: 0.1, kinesalite: 0.2, producers: 0.3 },
    machineBusy: 0.5,
    lanesBusy: 0.4,
    lanes: 2,
    requests: 100,
    requestsThrottled: 0,
    ...more,
  };
}
const LATE = timeline(100, 2_500, 100, 2_100, 3_000, 5_000, 4_000, 0);

describe('the first limit', () => {
  test.each<[string, Partial<Observations>]>([
    ['nothing was busy', {}],
    ['a backlog came and went', { timeline: timeline(100, 2_500, 3_000, 100), putSeconds: 4 }],
    ['the backlog came after the last put', { timeline: LATE, putSeconds: 3 }],
    ['the machine was busy, and records in time', { machineBusy: 1, lanesBusy: 1 }],
    ['a few records were throttled', { throttled: 10 }],
    ['there was no record', { timeline: [], putSeconds: 0 }],
  ])('is none: %s', (_why, more) => {
    expect(firstLimit(observed(more))).toBeUndefined();
  });

  test.each<[string, Partial<Observations>]>([
    ['stream', { throttled: 11, timeline: LATE, putSeconds: 6 }],
    ['producers', { processors: { producers: 0.95 } }],
    ['DynamoDB', { requestsThrottled: 2, lanesBusy: 1 }],
    ['dynoxide', { processors: { dynoxide: 0.95, kinesalite: 0.9 }, machineBusy: 1 }],
    ['this machine', { machineBusy: 0.97, lanesBusy: 1 }],
    ['concurrency of the function', { lanesBusy: 0.97 }],
    ['delivery', { lanesBusy: 0.3 }],
  ])('is %s', (component, more) => {
    const late = component === 'producers' ? {} : { timeline: LATE, putSeconds: 6 };
    expect(firstLimit(observed({ ...late, ...more }))?.component).toBe(component);
  });

  test('says from when on records stayed late, and at what rate', () => {
    const limit = firstLimit(observed({ timeline: LATE, putSeconds: 6, lanesBusy: 0.97 }));
    expect(limit?.how).toBe(
      'from second 4 on, at 400 records/s, the oldest record was over 2 s old, ' +
        'and its 2 lanes were busy 97 % of the time',
    );
  });
});
