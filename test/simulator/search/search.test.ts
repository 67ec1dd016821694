/**
 * The search goes through many histories, reaches what is to be reached, and finds what is planted.
 */
import { expect, jest, test } from '@jest/globals';
import { isSameFailure } from '../../../src/simulator/model/failure.ts';
import { PROFILES } from '../../../src/simulator/model/fault-profiles.ts';
import { runScenario } from '../../../src/simulator/search/run-scenario.ts';
import type { Scenario } from '../../../src/simulator/search/scenario.ts';
import { type SearchParts, search } from '../../../src/simulator/search/search.ts';
import { shrink } from '../../../src/simulator/search/shrink.ts';
import { traceScenario } from '../../../src/simulator/search/trace.ts';
import { formatScenarioTable, formatTrace } from '../../../src/simulator/search/trace-text.ts';
import type { WinnerEvent } from '../../../src/simulator/workload/winner/event.ts';
import { winner } from '../../../src/simulator/workload/winner/winner.ts';
import { forgetful } from './forgetful.ts';

jest.setTimeout(60_000);
const parts: SearchParts<WinnerEvent> = {
  workload: winner,
  seed: 'test',
  runsMax: 300,
  timeMsMax: Number.POSITIVE_INFINITY,
  faults: PROFILES.heavy,
  now: () => 0,
};

test('the shipped handler stands what is drawn, and most situations are met', async () => {
  const { firstFailed, tally } = await search(parts);
  expect(firstFailed).toBeUndefined();
  expect(tally.runs).toBe(300);
  expect(tally.distinctHistories).toBeGreaterThan(290);
  expect(tally.repeated).toBe(5);
  expect(tally.unrepeatable).toEqual([]);
  const rare = ['time was up', 'transaction split', 'stale plan noticed'];
  const missed = Object.entries(tally.situations).filter(([, reached]) => reached === 0);
  expect(missed.map(([name]) => name).filter((name) => !rare.includes(name))).toEqual([]);
});

test('a planted bug is found, and reduced to what it takes', async () => {
  const { firstFailed } = await search({ ...parts, load: forgetful() });
  expect(firstFailed).toBeDefined();
  if (firstFailed === undefined) return;
  const fails = async (scenario: Scenario<WinnerEvent>) => {
    const outcome = await runScenario(scenario, { workload: winner, load: forgetful() });
    const isSame = isSameFailure(outcome.failures[0], firstFailed.outcome.failures[0]);
    return isSame ? outcome : undefined;
  };
  const { scenario, isMinimal } = await shrink(firstFailed.scenario, fails, { seedsTried: 4 });
  expect(isMinimal).toBe(true);
  // Three purchases of a product in one batch, and nothing else.
  expect(scenario.events.map(({ kind }) => kind)).toEqual(['purchase', 'purchase', 'purchase']);
  expect(scenario.pushes).toEqual([0, 1, 2].map((event) => ({ event, copy: 0 })));
  expect(scenario.options).toMatchObject({ shards: 1, batchSize: 3, parallelizationFactor: 1 });
  const { timeoutMs, pollIntervalMs, ...limits } = scenario.limits;
  expect([scenario.options.faultProfile.ratios, limits]).toEqual([{}, {}]);

  const trace = await traceScenario(scenario, { workload: winner, load: forgetful() });
  const text = formatScenarioTable(scenario, winner) + formatTrace(trace);
  expect(text).toMatch(/BatchWriteItem/);
  expect(text).toMatch(/an invariant was broken: the purchase .* was acknowledged, and has no row/);
});
