/** Which failure is reported does not depend on which process is the fastest. */
import { fileURLToPath } from 'node:url';
import { expect, jest, test } from '@jest/globals';
import { createDynamoDBViewStore } from '../../../src/handler/dynamodb/view-store.ts';
import { done } from '../../../src/handler/outcome.ts';
import { bundleForRun } from '../../../src/simulator/execution/bundle-handler.ts';
import { loaderOf } from '../../../src/simulator/execution/virtual/shipped.ts';
import { explore } from '../../../src/simulator/search/explore.ts';
import { type SearchParts, search } from '../../../src/simulator/search/search.ts';
import type { WinnerEvent } from '../../../src/simulator/workload/winner/event.ts';
import { winner } from '../../../src/simulator/workload/winner/winner.ts';

jest.setTimeout(60_000);
const handler = fileURLToPath(new URL('../../handlers/first-arrival-wins.ts', import.meta.url));

test.each(['s1', 's2'])('seed %s: one process and three report the same run', async (seed) => {
  const found = async (jobs: number) => {
    const { remove, ...bundle } = await bundleForRun(handler);
    const { firstFailed, tally } = await explore({
      bundle,
      seed,
      jobs,
      runsMax: 60,
      timeMsMax: Number.POSITIVE_INFINITY,
      faults: {},
      keepGoing: false,
      handler,
      invariants: false,
      workload: undefined,
      signal: new AbortController().signal,
    });
    remove();
    // All that come before it were made.
    expect(tally.runs).toBeGreaterThan(firstFailed?.number ?? 60);
    return firstFailed && { number: firstFailed.number, seed: firstFailed.scenario.options.seed };
  };
  const alone = await found(1);
  expect(alone).toBeDefined();
  expect(await found(3)).toEqual(alone);
});

/** No purchase has a row: most runs fail, but not all. */
const load = loaderOf({
  createStore: (...made) => ({
    ...createDynamoDBViewStore(...made),
    writePurchases: async () => done([]),
  }),
});

const parts: SearchParts<WinnerEvent> = {
  workload: winner,
  load,
  seed: 'last',
  runsMax: 1_000,
  timeMsMax: Number.POSITIVE_INFINITY,
  faults: {},
  now: () => 0,
};

test('a process goes on to the last run that is worth making, and no further', async () => {
  const { firstFailed } = await search(parts);
  const number = firstFailed?.number ?? Number.NaN;
  expect(number).toBeGreaterThanOrEqual(0);
  // Another has failed with a greater number: this one is still to be found.
  const before = await search({ ...parts, last: () => number + 1 });
  expect(before.firstFailed?.number).toBe(number);
  // With a lesser one: nothing is left but the runs before that.
  const after = await search({ ...parts, last: () => number - 1 });
  expect([after.firstFailed, after.tally.runs]).toEqual([undefined, number]);
  // It may hear of it while it is at work.
  let last = Number.POSITIVE_INFINITY;
  let runs = 0;
  const onRun = () => {
    if (++runs === 3) last = 10;
  };
  const heard = await search({
    ...parts,
    load: undefined,
    first: 1,
    step: 2,
    last: () => last,
    onRun,
  });
  // 1, 3, 5, 7, 9.
  expect(heard.tally.runs).toBe(5);
});
