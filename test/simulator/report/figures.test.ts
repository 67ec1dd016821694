import { expect, test } from '@jest/globals';
import type { HistoryFact, InvocationOutcome } from '../../../src/simulator/model/history.ts';
import { createFigures } from '../../../src/simulator/report/figures.ts';

function fold(
  timed: readonly (readonly [atMs: number, fact: HistoryFact])[],
  quarantined?: number,
) {
  const { read, figures } = createFigures({ slow: 0.1, conflict: 0.2 });
  for (const [atMs, fact] of timed) read({ atMs, ...fact });
  return figures(quarantined);
}
const pushed = (event: number, copy = 0): HistoryFact => ({
  type: 'record-pushed',
  push: 0,
  event,
  copy,
  shardId: 's',
  sequenceNumber: '1',
});
const invoked = (
  invocation: number,
  records: number,
  attempt = 1,
  repeated = false,
): HistoryFact => ({
  type: 'invoked',
  invocation,
  worker: 'w',
  shardId: 's',
  attempt,
  repeated,
  sequenceNumbers: Array.from({ length: records }, String),
});
const answered = (invocation: number, outcome: InvocationOutcome): HistoryFact => ({
  type: 'answered',
  invocation,
  outcome,
});
const requested = (
  operation: string,
  outcome: string,
  [readUnits, writeUnits, cancelledWriteUnits]: [number, number, number],
): HistoryFact => ({
  type: 'requested',
  request: 1,
  worker: 'w',
  invocation: 1,
  operation,
  tables: [],
  items: 1,
  outcome,
  capacity: { readUnits, writeUnits },
  cancelledWriteUnits,
});

test('a history without anything folds to zeros, and no division by zero', () => {
  const figures = fold([]);
  expect(figures.dynamodb.writeEquivalentsPerRecord).toBe(0);
  expect(figures.dynamodb.requestsPerRecord).toBe(0);
  expect(figures.wallMs).toBe(0);
  expect(figures.quarantined).toBeUndefined();
  expect(JSON.stringify(figures)).not.toMatch(/null/);
});

test('disorder: copies and malformed records are counted, and displace no event', () => {
  const inOrder = fold([0, -1, 1, 2].map((event) => [0, pushed(event)] as const));
  expect(inOrder.disorder).toEqual({ records: 4, copies: 0, malformed: 1, displacementMax: 0 });
  const figures = fold([
    [0, pushed(1)],
    [0, pushed(1, 1)],
    [0, pushed(1, 2)],
    [0, pushed(2)],
    [0, pushed(-1)],
    [0, pushed(3)],
    [0, pushed(0)],
  ]);
  expect(figures.disorder).toEqual({ records: 7, copies: 2, malformed: 1, displacementMax: 3 });
});

test('delivery: batches, retries, repeats; what never ran was not delivered', () => {
  const { delivery } = fold([
    [0, invoked(1, 10)],
    [1, invoked(2, 5)],
    [2, answered(1, { kind: 'success' })],
    [2, answered(2, { kind: 'throttled' })],
    [3, invoked(3, 5, 2)],
    [4, answered(3, { kind: 'partial', failed: ['4'] })],
    [5, invoked(4, 10, 1, true)],
    [6, answered(4, { kind: 'success' })],
    [
      7,
      {
        type: 'batch-discarded',
        shardId: 's',
        reason: 'record-age-exceeded',
        invocations: 1,
        sequenceNumbers: ['4', '5'],
      },
    ],
  ]);
  expect(delivery).toEqual({
    deliveredRecords: 25,
    batches: 2,
    retries: 1,
    repeats: 1,
    discardedRecords: 2,
    outcomes: { success: 2, throttled: 1, partial: 1 },
  });
});

test('requests: units, errors, and what they come to for each record pushed', () => {
  const { dynamodb, quarantined } = fold(
    [
      [0, pushed(0)],
      [0, pushed(0, 1)],
      [0, pushed(-1)],
      [0, pushed(1)],
      [1, requested('TransactWriteItems', 'ok', [0, 6, 0])],
      [1, requested('TransactWriteItems', 'TransactionCanceledException', [0, 0, 4])],
      [1, requested('GetItem', 'ok', [10, 0, 0])],
    ],
    1,
  );
  expect(quarantined).toBe(1);
  expect(dynamodb).toEqual({
    requests: 3,
    requestsByOperation: { TransactWriteItems: 2, GetItem: 1 },
    errors: { TransactionCanceledException: 1 },
    readUnits: 10,
    writeUnits: 6,
    cancelledWriteUnits: 4,
    writeEquivalentsPerRecord: (6 + 4 + 10 / 5) / 4,
    readUnitsPerRecord: 2.5,
    writeUnitsPerRecord: 1.5,
    cancelledWriteUnitsPerRecord: 1,
    requestsPerRecord: 0.75,
  });
});

test('kills and faults: what was asked for, beside what happened', () => {
  const started: HistoryFact = {
    type: 'run-started',
    version: 2,
    workload: 'winner',
    seed: 'S',
    options: { kill: 3 },
  };
  const killed = (invocation: number): HistoryFact => ({
    type: 'invocation-killed',
    invocation,
    worker: 'w',
    acknowledgedWrites: 1,
    lastWriteForwarded: true,
  });
  const { kills, faults } = fold([
    [0, started],
    [1, killed(1)],
    [1, killed(2)],
    [2, answered(1, { kind: 'crashed', error: 'killed' })],
    // It answered before it died: not in mid-batch.
    [2, answered(2, { kind: 'success' })],
    // It died of something else.
    [2, answered(3, { kind: 'crashed', error: 'exit' })],
    [3, { ...requested('PutItem', 'ok', [0, 1, 0]), fault: 'slow' } as HistoryFact],
    [3, { ...requested('PutItem', 'ok', [0, 1, 0]), fault: 'slow' } as HistoryFact],
  ]);
  expect(kills).toEqual({ asked: 3, happened: 1 });
  expect(faults).toEqual({
    slow: { ratio: 0.1, happened: 2 },
    conflict: { ratio: 0.2, happened: 0 },
  });
});

test('time: stages may overlap, and one that never ended lasts until now', () => {
  const figures = fold([
    [5, { type: 'stage-started', stage: 'push' }],
    [10, { type: 'stage-started', stage: 'deliver' }],
    [30, { type: 'stage-ended', stage: 'push' }],
    [40, invoked(1, 1)],
  ]);
  expect(figures.stagesMs).toEqual({ push: 25, deliver: 30 });
  expect(figures.wallMs).toBe(40);
});
