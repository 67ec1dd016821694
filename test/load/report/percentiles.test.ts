import { expect, test } from '@jest/globals';
import { percentilesOf } from '../../../load/report/percentiles.ts';

test('percentiles', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(percentilesOf(hundred)).toEqual({ p50: 50.5, p95: 95.05, p99: 99.01, max: 100 });
  expect(percentilesOf([7])).toEqual({ p50: 7, p95: 7, p99: 7, max: 7 });
  expect(percentilesOf([])).toBeUndefined();
});
