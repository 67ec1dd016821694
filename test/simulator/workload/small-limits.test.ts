import { expect, test } from '@jest/globals';
import { LIMITS } from '../../../src/handler/ports.ts';
import { seededRandom } from '../../../src/simulator/random.ts';
import { smallLimits } from '../../../src/simulator/workload/winner/small-limits.ts';

test('are limits of the handler, below those that are deployed', () => {
  const random = seededRandom('seed', 'limits');
  const drawn = Array.from({ length: 100 }, () => Object.entries(smallLimits(random))).flat();
  expect(new Set(drawn.map(([name]) => name)).size).toBe(4);
  for (const [name, limit] of drawn) {
    expect(limit).toBeGreaterThan(0);
    expect(limit).toBeLessThan(LIMITS[name as keyof typeof LIMITS]);
  }
});
