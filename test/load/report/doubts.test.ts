import { describe, expect, test } from '@jest/globals';
import { withDoubts } from '../../../load/report/doubts.ts';
import type { RunResult } from '../../../src/simulator/model/run-result.ts';

const ALL_WELL = { arrived: 10, completed: 10, failed: 0, errors: {} };
const FAILED = { arrived: 10, completed: 7, failed: 3, errors: { RangeError: 2, TypeError: 1 } };

function result(verdict: RunResult['verdict'], reasons: string[] = []): RunResult {
  return { verdict, reasons } as unknown as RunResult;
}

describe('doubts', () => {
  test('without any, the result is unchanged', () => {
    const converged = result('converged');
    expect(withDoubts(converged, { lost: 0, users: ALL_WELL })).toBe(converged);
  });

  test('failed virtual users and lost records make a converged run unknown', () => {
    expect(withDoubts(result('converged'), { lost: 1, users: FAILED })).toEqual({
      verdict: 'unknown',
      reasons: [
        '1 record was acknowledged to producers and never read from the stream',
        '3 of 10 virtual users did not complete (RangeError 2, TypeError 1), so less was put than ' +
          'the run asks for',
      ],
    });
  });

  test('a diverged run stays diverged', () => {
    const doubted = withDoubts(result('diverged', ['3 rows differ']), { lost: 0, users: FAILED });
    expect(doubted.verdict).toBe('diverged');
    expect(doubted.reasons).toHaveLength(2);
  });
});
