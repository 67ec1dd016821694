import { describe, expect, test } from '@jest/globals';
import {
  type Failure,
  type InvariantFailure,
  isSameFailure,
} from '../../../src/simulator/model/failure.ts';

const invariant = (changes: Partial<InvariantFailure> = {}): Failure => ({
  kind: 'invariant',
  watchPoint: { type: 'write', table: 'Scores' },
  invariant: 'not-negative',
  message: 'the balance of ann is -1',
  ...changes,
});

describe('the same failure', () => {
  test.each<[string, Failure, Failure]>([
    [
      'rows of a table, however many',
      { kind: 'rows', table: 'A', rows: 1 },
      { kind: 'rows', table: 'A', rows: 9, unexcused: 2 },
    ],
    ['an invariant, by its name', invariant(), invariant({ message: 'the balance of bob is -7' })],
    [
      'the quarantine',
      { kind: 'quarantine', malformed: 1, rows: 0 },
      { kind: 'quarantine', malformed: 3, rows: 4 },
    ],
    [
      'a stall by its cause',
      { kind: 'stalled', stall: { cause: 'attempts-exhausted', shardId: 'a', attempts: 40 } },
      { kind: 'stalled', stall: { cause: 'attempts-exhausted', shardId: 'b', attempts: 40 } },
    ],
    ['discarded records', { kind: 'discarded', records: 1 }, { kind: 'discarded', records: 5 }],
  ])('%s', (_, left, right) => {
    expect(isSameFailure(left, right)).toBe(true);
  });

  test('none and none', () => {
    expect(isSameFailure(undefined, undefined)).toBe(true);
  });
});

describe('another failure', () => {
  test.each<[string, Failure, Failure | undefined]>([
    ['none', { kind: 'discarded', records: 1 }, undefined],
    ['another kind', { kind: 'discarded', records: 1 }, { kind: 'no-repeat-delivery' }],
    ['another table', { kind: 'rows', table: 'A', rows: 1 }, { kind: 'rows', table: 'B', rows: 1 }],
    ['another invariant', invariant(), invariant({ invariant: 'whole-number' })],
    [
      'another table that was written',
      invariant(),
      invariant({ watchPoint: { type: 'write', table: 'Events' } }),
    ],
    ['another watch point', invariant(), invariant({ watchPoint: { type: 'commit' } })],
    [
      'another kind of event',
      invariant({ watchPoint: { type: 'checkpoint', eventKind: 'a' } }),
      invariant({ watchPoint: { type: 'checkpoint', eventKind: 'b' } }),
    ],
    [
      'another cause of a stall',
      { kind: 'stalled', stall: { cause: 'timeouts-in-a-row', timeouts: 8 } },
      { kind: 'stalled', stall: { cause: 'not-delivered-in-time', boundMs: 8 } },
    ],
    [
      'another fault',
      { kind: 'fault-never-happened', fault: 'slow', ratio: 1 },
      { kind: 'fault-never-happened', fault: 'conflict', ratio: 1 },
    ],
  ])('%s', (_, left, right) => {
    expect(isSameFailure(left, right)).toBe(false);
    expect(isSameFailure(right, left)).toBe(false);
  });
});
