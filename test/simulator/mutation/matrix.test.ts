/** What the matrix reports of expected and of unexpected hunts. */
import { expect, test } from '@jest/globals';
import type { Row } from '../../../src/simulator/mutation/matrix.ts';
import {
  faultsOfMatrix,
  formatMatrixJson,
  formatRow,
} from '../../../src/simulator/mutation/matrix-text.ts';
import type { Mutant } from '../../../src/simulator/mutation/mutant.ts';
import { PLAIN_OPTIONS } from '../../../src/simulator/search/draw.ts';
import type { Scenario } from '../../../src/simulator/search/scenario.ts';

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
  version: 1,
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
  reason: 'r',
  scenario: scenario(6),
  isMinimal: true,
};

test('nothing is wrong if every mutant is caught and the control is not', () => {
  expect(faultsOfMatrix([control, killed])).toEqual([]);
  expect(formatRow(killed)).toMatch(/^m +divergence +9 .* 6 {2}yes +a wrong score\n$/);
});

test.each<[string, Row, RegExp]>([
  ['a survivor', survivor, /m survived/],
  [
    'a control that is caught',
    { ...killed, name: 'control', mutant: undefined },
    /control was caught: r/,
  ],
  [
    'a check that is not expected to catch it',
    { ...killed, check: 'cost' },
    /by cost, not by invariant/,
  ],
  ['a reduction that was not finished', { ...killed, isMinimal: false }, /m: .* not 1-minimal/],
  ['a counterexample with too many events', { ...killed, scenario: scenario(7) }, /7 events/],
])('%s is wrong', (_name, row, wrong) => {
  expect(faultsOfMatrix([row])).toEqual([expect.stringMatching(wrong)]);
});

test('a survivor stands out, and the JSON has everything', () => {
  expect(formatRow(survivor)).toContain('SURVIVED');
  const document = JSON.parse(formatMatrixJson([killed], ['x']));
  expect(document.mutants[0]).toMatchObject({ name: 'm', check: 'divergence', what: 'a bug' });
  expect(document.faults).toEqual(['x']);
});
