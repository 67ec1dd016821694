import { expect, test } from '@jest/globals';
import type { FaultRatios } from '../../../src/simulator/model/faults.ts';
import type { Figures } from '../../../src/simulator/model/run-result.ts';
import { createFigures } from '../../../src/simulator/report/figures.ts';
import { judge } from '../../../src/simulator/run/verdict.ts';
import { sampleOptions } from '../report/sample.ts';

const judged = (
  changes: Partial<Figures>,
  differences: readonly { table: string }[] = [],
  faults: FaultRatios = {},
) =>
  judge({
    options: { ...sampleOptions(), faults },
    differences,
    unexcused: differences,
    quarantined: 0,
    figures: { ...createFigures().figures(0), ...changes },
  });

test('faults and kills that happened change nothing', () => {
  const faults = { slow: { ratio: 0.1, happened: 1 } };
  expect(judged({ kills: { asked: 2, happened: 2 }, faults }).verdict).toBe('converged');
});

test('a requested fault that never happened: unknown, by name', () => {
  const faults = {
    slow: { ratio: 0.1, happened: 3 },
    'index-lag': { ratio: 0.2, happened: 0 },
  };
  expect(judged({ faults }, [], { slow: 0.1, 'index-lag': 0.2 })).toMatchObject({
    verdict: 'unknown',
    failures: [{ kind: 'fault-never-happened', fault: 'index-lag', ratio: 0.2 }],
  });
});

test('a fault of a profile need not happen', () => {
  expect(judged({ faults: { slow: { ratio: 0.1, happened: 0 } } }).verdict).toBe('converged');
});

test('fewer kills than asked for: unknown', () => {
  expect(judged({ kills: { asked: 5, happened: 4 } })).toMatchObject({
    verdict: 'unknown',
    failures: [{ kind: 'too-few-kills', requested: 5, happened: 4 }],
  });
});

test('wrong tables: diverged even if kills are missing', () => {
  expect(judged({ kills: { asked: 5, happened: 4 } }, [{ table: 'A' }]).verdict).toBe('diverged');
});
