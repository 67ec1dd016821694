/**
 * A scenario determines a run: converted to text and back it is equal, and makes the same history.
 */
import { expect, test } from '@jest/globals';
import { PROFILES } from '../../../src/simulator/model/fault-profiles.ts';
import { draw } from '../../../src/simulator/search/draw.ts';
import { runScenario } from '../../../src/simulator/search/run-scenario.ts';
import { formatScenario, parseScenario } from '../../../src/simulator/search/scenario-file.ts';
import { winner } from '../../../src/simulator/workload/winner/winner.ts';

const drawn = (seed: string) => draw(seed, { workload: winner, faults: PROFILES.heavy });
const SEEDS = Array.from({ length: 12 }, (_, at) => `seed ${at}`);

test.each(SEEDS)('%s: to text and back, and the same history twice', async (seed) => {
  const scenario = drawn(seed);
  expect(drawn(seed)).toEqual(scenario);
  const again = parseScenario(formatScenario(scenario), 'it');
  expect(again).toEqual(scenario);
  const parts = { workload: winner, isHashed: true };
  const first = await runScenario(scenario, parts);
  const second = await runScenario(again as typeof scenario, parts);
  expect(first.hash).toBeDefined();
  expect(second).toEqual(first);
});

test('muted faults do not happen', async () => {
  for (const seed of SEEDS) {
    const scenario = drawn(seed);
    const { occurrences } = await runScenario(scenario, { workload: winner });
    // Muting a fault changes the rest of the run, in which more faults may occur.
    const muted = Array.from({ length: occurrences.length + 1_000 }, (_, at) => at);
    const quiet = await runScenario({ ...scenario, muted }, { workload: winner });
    const others = quiet.faults.filter((name) => name !== 'rebatch' && name !== 'repeat-delivery');
    expect(others).toEqual([]);
  }
});

test.each([
  ['{', /is not valid JSON/],
  ['{"version": 99}', /version 99/],
  ['{"version": 2}', /is not a valid scenario/],
  [JSON.stringify({ ...drawn('x'), pushes: [{ event: 99, copy: 0 }] }), /event 99/],
  [JSON.stringify({ ...drawn('x'), muted: ['no'] }), /muted/],
])('%s is refused in one line', (text, message) => {
  expect(() => parseScenario(text, 'it')).toThrow(message);
});
