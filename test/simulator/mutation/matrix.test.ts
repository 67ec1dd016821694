/** What the matrix reports of expected and of unexpected hunts. */
import { expect, test } from '@jest/globals';
import type { Failure } from '../../../src/simulator/model/failure.ts';
import type { Row } from '../../../src/simulator/mutation/matrix.ts';
import {
  failuresOf,
  formatMatrixJson,
  formatRow,
} from '../../../src/simulator/mutation/matrix-text.ts';
import type { Mutant } from '../../../src/simulator/mutation/mutant.ts';
import type { Scenario } from '../../../src/simulator/search/scenario.ts';
import { PLAIN_OPTIONS } from '../../../src/simulator/search/scenario.ts';

const mutant: Mutant = {
  name: 'm',
  what: 'a bug',
  file: 'f.ts',
  find: 'a',
  replace: 'b',
  symptom: 'a wrong score',
  caughtBy: ['invariant', 'divergence'],
  options: {},
};
const scenario = (events: number): Scenario => ({
  version: 2,
  workload: 'winner',
  options: PLAIN_OPTIONS,
  events: Array.from({ length: events }, () => ({})),
  pushes: [],
  limits: {},
  muted: [],
});
const control: Row = { name: 'control', mutant: undefined, runs: 9, ms: 1, shrinkMs: 0 };
const survivor: Row = { name: 'm', mutant, runs: 9, ms: 1, shrinkMs: 0 };
const killed: Row = {
  ...survivor,
  check: 'divergence',
  failure: { kind: 'rows', table: 'Scores', rows: 1 },
  scenario: scenario(6),
  isMinimal: true,
};

test('nothing is wrong where all are caught and the control is not', () => {
  expect(failuresOf([control, killed])).toEqual([]);
  expect(formatRow(killed)).toMatch(/^m +divergence +9 .* 6 {2}yes +a wrong score\n$/);
});

test.each<[string, Row, Failure]>([
  ['a survivor', survivor, { kind: 'mutant-survived', mutant: 'm' }],
  [
    'a control that is caught',
    { ...killed, name: 'control', mutant: undefined },
    { kind: 'control-caught', failure: { kind: 'rows', table: 'Scores', rows: 1 } },
  ],
  [
    'a check that is not expected to catch it',
    { ...killed, check: 'cost' },
    {
      kind: 'caught-by-another-check',
      mutant: 'm',
      check: 'cost',
      expected: ['invariant', 'divergence'],
    },
  ],
  [
    'a reduction that was given up',
    { ...killed, isMinimal: false },
    { kind: 'not-minimal', mutant: 'm' },
  ],
  [
    'a counterexample with too many events',
    { ...killed, scenario: scenario(7) },
    { kind: 'too-many-events', mutant: 'm', events: 7 },
  ],
])('%s is wrong', (_name, row, failure) => {
  expect(failuresOf([row])).toEqual([failure]);
});

test('a survivor stands out, and the JSON has everything', () => {
  expect(formatRow(survivor)).toContain('SURVIVED');
  const document = JSON.parse(formatMatrixJson([killed], [{ kind: 'not-minimal', mutant: 'm' }]));
  expect(document.mutants[0]).toMatchObject({ name: 'm', check: 'divergence', what: 'a bug' });
  expect(document.failures).toEqual([{ kind: 'not-minimal', mutant: 'm' }]);
});
