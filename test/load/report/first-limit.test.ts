import { describe, expect, test } from '@jest/globals';
import type { Moment } from '../../../load/figures.ts';
import { firstLimit, type Observations } from '../../../load/report/first-limit.ts';

/** A run with these ages of the oldest record, second by second; records are put for `putSeconds`. */
function timeline(putSeconds: number, ...agesMs: number[]): Moment[] {
  return agesMs.map((oldestAgeMs, index) => ({
    seconds: index + 1,
    arrivedPerSecond: index < putSeconds ? 100 * (index + 1) : 0,
    donePerSecond: 100,
    backlog: oldestAgeMs / 10,
    oldestAgeMs,
  }));
}

const INSIDE = { lanes: { count: 2, busy: 0.4 }, requests: 100, requestsThrottled: 0 };

/** Lanes that were busy for this share of the time. */
function lanes(busy: number) {
  return { inside: { ...INSIDE, lanes: { count: 2, busy } } };
}

function observed(more: Partial<Observations> = {}): Observations {
  return {
    offered: 1_000,
    throttled: 0,
    timeline: timeline(4, 0, 100, 50, 0),
    processors: { dynoxide: 0.1, kinesalite: 0.2, producers: 0.3 },
    machineBusy: 0.5,
    inside: INSIDE,
    leastLagMs: 100,
    ...more,
  };
}
const AGES_MS = [100, 2_500, 100, 2_100, 3_000, 5_000, 4_000, 0] as const;
const LATE = timeline(6, ...AGES_MS);

describe('the first limit', () => {
  test.each<[string, Partial<Observations>]>([
    ['nothing was busy', {}],
    ['a backlog came and went', { timeline: timeline(4, 100, 2_500, 3_000, 100) }],
    ['the backlog came after the last put', { timeline: timeline(3, ...AGES_MS) }],
    ['the machine was busy, and no record late', { machineBusy: 1, ...lanes(1) }],
    ['a few records were throttled', { throttled: 10 }],
    ['there were no records', { timeline: [] }],
  ])('is none: %s', (_why, more) => {
    expect(firstLimit(observed(more))).toBeUndefined();
  });

  test.each<[string, Partial<Observations>]>([
    ['stream', { throttled: 11, timeline: LATE }],
    ['producers', { processors: { producers: 0.95 } }],
    ['DynamoDB', { inside: { ...lanes(1).inside, requestsThrottled: 2 } }],
    ['dynoxide', { processors: { dynoxide: 0.95, kinesalite: 0.9 }, machineBusy: 1 }],
    ['this machine', { machineBusy: 0.97, ...lanes(1) }],
    ['concurrency of the function', lanes(0.97)],
    ['delivery', lanes(0.3)],
    ['behind the stream', { inside: undefined }],
    ['this machine', { inside: undefined, machineBusy: 0.95 }],
  ])('is %s', (component, more) => {
    const late = component === 'producers' ? {} : { timeline: LATE };
    expect(firstLimit(observed({ ...late, ...more }))?.component).toBe(component);
  });

  test('says since when records stayed late, and at what rate', () => {
    const limit = firstLimit(observed({ timeline: LATE, ...lanes(0.97) }));
    expect(limit?.how).toBe(
      'from second 4 on, at 400 records/s, the oldest record was over 2 s old, ' +
        'and its 2 lanes were busy 97 % of the time',
    );
  });

  test('on a deployed stack, a record is late when it exceeds the least lag', () => {
    const remote = { timeline: LATE, inside: undefined };
    expect(firstLimit(observed({ ...remote, leastLagMs: 1_500 }))?.how).toMatch(
      /^from second 6 on, at 600 records\/s, the oldest record was over 3.5 s old, and which part is not known here/,
    );
    expect(firstLimit(observed({ ...remote, leastLagMs: 3_000 }))).toBeUndefined();
  });
});
