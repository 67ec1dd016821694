import { expect, test } from '@jest/globals';
import { createConvergence, rowName } from '../../../src/simulator/check/convergence.ts';
import type { HistoryFact } from '../../../src/simulator/model/history.ts';
import type { ObservedRun } from '../../../src/simulator/model/observer.ts';
import type { Row, Workload } from '../../../src/simulator/model/workload.ts';
import { createTimeSeries } from '../../../src/simulator/report/time-series.ts';

/** A view that counts events by name. */
const counts = {
  name: 'counts',
  tables: [{ name: 'Counts', environmentVariable: 'T', key: ['name'], compared: true }],
  reference(events: Iterable<string>) {
    const counted = new Map<string, number>();
    for (const name of events) counted.set(name, (counted.get(name) ?? 0) + 1);
    return new Map([['Counts', [...counted].map(([name, count]) => ({ name, count }))]]);
  },
  comparable: (_table: string, row: Row) => row,
} as unknown as Workload<string>;
const EVENTS = ['a', 'a', 'b'];

/** Three records, one a batch; the table as it is after each. */
async function observed(states: readonly Readonly<Record<string, number>>[], outcome = 'success') {
  const convergence = createConvergence();
  const timeSeries = createTimeSeries();
  let stored: Readonly<Record<string, number>> = {};
  const readRow = (_table: string, [name = '']: readonly string[]): Row | undefined =>
    stored[name] === undefined ? undefined : { name, count: stored[name] };
  const run: ObservedRun<string> = {
    workload: counts,
    source: { length: EVENTS.length, at: (index) => EVENTS[index] as string },
    rows: { readRow },
    pushes: EVENTS.length,
  };
  convergence.begin(run);
  const record = (atMs: number, fact: HistoryFact): void => {
    convergence.read({ atMs, ...fact });
    timeSeries.read({ atMs, ...fact });
  };
  const shardId = 'shardId-000000000000';
  for (const event of EVENTS.keys()) {
    const sequenceNumber = String(event);
    record(event, { type: 'record-pushed', push: event, event, copy: 0, shardId, sequenceNumber });
  }
  for (const [event, state] of states.entries()) {
    const invocation = event + 1;
    const sequenceNumbers = [String(event)];
    const batch = { worker: 'w', shardId, attempt: 1, repeated: false, sequenceNumbers };
    record(100 * invocation, { type: 'invoked', invocation, ...batch });
    stored = state;
    const ended =
      outcome === 'success' ? { kind: 'success' as const } : { kind: 'timed-out' as const };
    record(100 * invocation + 50, { type: 'answered', invocation, outcome: ended });
  }
  convergence.checked([
    { table: 'Counts', key: ['a'], expected: { name: 'a', count: 2 }, actual: undefined },
  ]);
  return { ...(await convergence.finish()), series: timeSeries.series() };
}

test('a view that keeps up never differs from what was delivered, and comes down to the final reference', async () => {
  const { points } = await observed([{ a: 1 }, { a: 2 }, { a: 2, b: 1 }]);
  expect(points.map(({ fromSoFar, fromFinal }) => [fromSoFar, fromFinal])).toEqual([
    [0, 2],
    [0, 1],
    [0, 0],
  ]);
});

test('a row that leaves the reference does so at the look at which it did', async () => {
  const { points, rows } = await observed([{ a: 1 }, { a: 1 }, { a: 1, b: 1 }]);
  expect(points.map(({ fromSoFar }) => fromSoFar)).toEqual([0, 1, 1]);
  const moments = rows.get(rowName('Counts', ['a'])) ?? [];
  expect(moments.map(({ isRight, wanted }) => [isRight, wanted?.['count']])).toEqual([
    [true, 1],
    [false, 2],
    [false, 2],
  ]);
});

test('lag is from the push to the end of the invocation that acknowledged it, by nearest rank', async () => {
  const { series } = await observed([{ a: 1 }, { a: 2 }, { a: 2, b: 1 }]);
  expect(series.lag).toEqual({ p50: 249, p95: 348, p99: 348, max: 348, records: 3 });
  expect(series.slices.reduce((sum, { acknowledged }) => sum + acknowledged, 0)).toBe(3);
});

test('what was not acknowledged counts as not delivered', async () => {
  const { points, series } = await observed([{ a: 1 }, { a: 2 }], 'timed out');
  expect(points).toEqual([]);
  expect(series.lag).toBeUndefined();
});
