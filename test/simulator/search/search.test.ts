/**
 * The search goes through many histories, reaches what is to be reached, and finds what is planted.
 */
import { expect, jest, test } from '@jest/globals';
import { PROFILES } from '../../../src/simulator/model/fault-profiles.ts';
import { judgeSearch } from '../../../src/simulator/search/judge.ts';
import { perform } from '../../../src/simulator/search/perform.ts';
import type { Scenario } from '../../../src/simulator/search/scenario.ts';
import { type SearchParts, search } from '../../../src/simulator/search/search.ts';
import { isLike, shrink } from '../../../src/simulator/search/shrink.ts';
import { createTally } from '../../../src/simulator/search/tally.ts';
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
  const { runs, distinctHistories, failure, tally } = await search(parts);
  expect(failure).toBeUndefined();
  expect(runs).toBe(300);
  expect(distinctHistories).toBeGreaterThan(290);
  expect(tally.repeated).toBe(5);
  expect(tally.unrepeatable).toEqual([]);
  const rare = ['time was up', 'transaction split', 'stale plan noticed'];
  const missed = Object.entries(tally.situations).filter(([, reached]) => reached === 0);
  expect(missed.map(([name]) => name).filter((name) => !rare.includes(name))).toEqual([]);
});

test('what was asked for and never reached makes the verdict unknown', () => {
  const tally = { ...createTally().tally(), runs: 10, situations: { here: 1 } };
  expect(judgeSearch(tally, ['here']).verdict).toBe('converged');
  expect(judgeSearch({ ...tally, situations: { here: 0 } }, ['here'])).toEqual({
    verdict: 'unknown',
    reasons: ['never reached: “here”'],
  });
  const fault = { asked: 3, occasions: undefined, reached: 0 };
  expect(judgeSearch({ ...tally, faults: { crash: fault } }, []).verdict).toBe('unknown');
  // No read of the handler's can be stale: nothing was missed.
  const none = { 'stale-read': { ...fault, occasions: 0 } };
  expect(judgeSearch({ ...tally, faults: none }, []).verdict).toBe('converged');
  expect(judgeSearch({ ...tally, failures: 1 }, []).verdict).toBe('diverged');
});

test('a planted bug is found, and reduced to what it takes', async () => {
  const { failure } = await search({ ...parts, load: forgetful() });
  expect(failure).toBeDefined();
  if (failure === undefined) return;
  const fails = async (scenario: Scenario<WinnerEvent>) => {
    const outcome = await perform(scenario, { workload: winner, load: forgetful() });
    return isLike(outcome, failure.result) ? outcome : undefined;
  };
  const { scenario, isMinimal } = await shrink(failure.scenario, fails, { seedsTried: 4 });
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
