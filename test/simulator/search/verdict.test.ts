import { expect, test } from '@jest/globals';
import { createTally, type Tally } from '../../../src/simulator/search/tally.ts';
import { judgeSearch } from '../../../src/simulator/search/verdict.ts';

const tallyOf = (changes: Partial<Tally>): Tally => ({
  ...createTally().tally(),
  runs: 10,
  situations: { here: 1 },
  ...changes,
});

test('converged: no run failed, and everything was reached', () => {
  expect(judgeSearch(tallyOf({}), ['here'])).toEqual({ verdict: 'converged', failures: [] });
});

test('a situation that was not reached makes the verdict unknown', () => {
  expect(judgeSearch(tallyOf({ situations: { here: 0 } }), ['here'])).toEqual({
    verdict: 'unknown',
    failures: [{ kind: 'not-reached', what: 'situation', name: 'here' }],
  });
});

test('so does a fault that never happened, unless no request was eligible', () => {
  const fault = { asked: 3, eligible: undefined, reached: 0 };
  expect(judgeSearch(tallyOf({ faults: { crash: fault } }), [])).toEqual({
    verdict: 'unknown',
    failures: [{ kind: 'not-reached', what: 'fault', name: 'crash' }],
  });
  // The handler makes no read that could be stale.
  const never = { 'stale-read': { ...fault, eligible: 0 } };
  expect(judgeSearch(tallyOf({ faults: never }), []).verdict).toBe('converged');
});

test.each<[string, Partial<Tally>, object]>([
  ['unknown runs', { unknown: 2 }, { kind: 'runs-unknown', runs: 2 }],
  ['no runs', { runs: 0 }, { kind: 'no-runs' }],
  [
    'runs that differ when repeated',
    { unrepeatable: ['a', 'b'] },
    { kind: 'runs-not-repeatable', seeds: ['a', 'b'] },
  ],
])('unknown: %s', (_, changes, failure) => {
  expect(judgeSearch(tallyOf(changes), [])).toEqual({ verdict: 'unknown', failures: [failure] });
});

test('diverged: a run diverged, whatever else was not reached', () => {
  expect(judgeSearch(tallyOf({ diverged: 1, situations: {} }), ['here'])).toEqual({
    verdict: 'diverged',
    failures: [{ kind: 'runs-diverged', runs: 1, of: 10 }],
  });
});
