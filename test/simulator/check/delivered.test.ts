import { expect, test } from '@jest/globals';
import { createDelivered } from '../../../src/simulator/check/delivered.ts';
import type { HistoryFact, InvocationOutcome } from '../../../src/simulator/model/history.ts';

const shardId = 'shardId-000000000000';

/** Three records of events 4, 5 and 6 in one batch, and how the invocation ends. */
function deliveredAfter(...outcomes: readonly InvocationOutcome[]) {
  const delivered = createDelivered();
  const read = (fact: HistoryFact) => delivered.read({ atMs: 0, ...fact });
  const sequenceNumbers = ['1', '2', '3'];
  for (const [push, sequenceNumber] of sequenceNumbers.entries()) {
    read({ type: 'record-pushed', push, event: push + 4, copy: 0, shardId, sequenceNumber });
  }
  for (const [at, outcome] of outcomes.entries()) {
    const batch = { worker: 'w', shardId, attempt: at + 1, repeated: false, sequenceNumbers };
    read({ type: 'invoked', invocation: at + 1, ...batch });
    read({ type: 'answered', invocation: at + 1, outcome });
  }
  return delivered.order;
}

test('a success acknowledges the batch, and counts each event once', () => {
  expect(deliveredAfter({ kind: 'success' }, { kind: 'success' })).toEqual([4, 5, 6]);
});

test('a partial response acknowledges the records that it does not name', () => {
  expect(deliveredAfter({ kind: 'partial', failed: ['2'] })).toEqual([4, 6]);
  const later = deliveredAfter({ kind: 'partial', failed: ['2', '3'] }, { kind: 'success' });
  expect(later).toEqual([4, 5, 6]);
});

test('an invocation that ends otherwise acknowledges nothing', () => {
  expect(deliveredAfter({ kind: 'timed-out' }, { kind: 'failure', error: 'x' })).toEqual([]);
});
