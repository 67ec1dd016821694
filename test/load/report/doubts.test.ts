import { describe, expect, test } from '@jest/globals';
import { withDoubts } from '../../../load/report/doubts.ts';
import type { Failure } from '../../../src/simulator/model/failure.ts';
import type { RunResult } from '../../../src/simulator/model/run-result.ts';

const ALL_WELL = { arrived: 10, completed: 10, failed: 0, errors: {} };
const FAILED = { arrived: 10, completed: 7, failed: 3, errors: { RangeError: 2, TypeError: 1 } };

const ROWS: Failure = { kind: 'rows', table: 'Scores', rows: 3 };

function result(verdict: RunResult['verdict'], failures: readonly Failure[] = []): RunResult {
  return { verdict, failures } as unknown as RunResult;
}

describe('doubts', () => {
  test('without any, the result is unchanged', () => {
    const converged = result('converged');
    expect(withDoubts(converged, { lost: 0, users: ALL_WELL })).toBe(converged);
  });

  test('failed virtual users and lost records make a converged run unknown', () => {
    expect(withDoubts(result('converged'), { lost: 1, users: FAILED })).toEqual({
      verdict: 'unknown',
      failures: [
        { kind: 'records-lost', records: 1 },
        {
          kind: 'virtual-users-unfinished',
          virtualUsers: 3,
          of: 10,
          errors: { RangeError: 2, TypeError: 1 },
        },
      ],
    });
  });

  test('a diverged run stays diverged', () => {
    const doubted = withDoubts(result('diverged', [ROWS]), { lost: 0, users: FAILED });
    expect(doubted.verdict).toBe('diverged');
    expect(doubted.failures).toHaveLength(2);
  });
});
