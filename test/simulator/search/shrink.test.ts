/**
 * The reduction holds on to the failure that it began with, and ends where no single step fails any
 * more.
 */
import { describe, expect, test } from '@jest/globals';
import { done } from '../../../src/handler/outcome.ts';
import { type Failure, isSameFailure } from '../../../src/simulator/model/failure.ts';
import { PROFILES } from '../../../src/simulator/model/fault-profiles.ts';
import { draw } from '../../../src/simulator/search/draw.ts';
import {
  type Attempt,
  openIn,
  type Reduction,
  reductions,
  renumberSeeds,
} from '../../../src/simulator/search/reductions.ts';
import { runScenario } from '../../../src/simulator/search/run-scenario.ts';
import {
  PLAIN_OPTIONS,
  SCENARIO_VERSION,
  type Scenario,
} from '../../../src/simulator/search/scenario.ts';
import { type Fails, shrink } from '../../../src/simulator/search/shrink.ts';
import type { WinnerEvent } from '../../../src/simulator/workload/winner/event.ts';
import { winner } from '../../../src/simulator/workload/winner/winner.ts';
import { forgetful } from './forgetful.ts';

const plain: Scenario<unknown> = {
  version: SCENARIO_VERSION,
  workload: 'any',
  options: { ...PLAIN_OPTIONS, seed: 'any', batchSize: 1 },
  events: [],
  pushes: [],
  limits: {},
  muted: [],
};

const withFaults = (ratios: Record<string, number>): Scenario<unknown> => ({
  ...plain,
  options: { ...plain.options, faultProfile: { name: 'drawn', ratios } },
});

describe('faults', () => {
  /** Of a world where these come up, whatever is muted; none with a ratio below the least. */
  const world =
    (all: readonly string[], fails: (open: readonly string[]) => boolean): Fails<unknown> =>
    async (scenario) => {
      const { ratios } = scenario.options.faultProfile;
      const occurrences = all.filter((name) => Object.hasOwn(ratios, name));
      const open = openIn(scenario, occurrences).map((at) => occurrences[at] ?? '');
      return fails(open) ? { occurrences } : undefined;
    };

  test('single ones are muted by their numbers, and what is left happens as early as it can', async () => {
    // Any one crash is enough.
    const all = ['crash', 'crash', 'crash'];
    const fails = world(all, (open) => open.includes('crash'));
    // As an interrupted reduction may leave it: only the last crash is not muted.
    const begun = { ...withFaults({ crash: 0.01 }), muted: [0, 1] };
    const { scenario, isMinimal, reductions: done } = await shrink(begun, fails);
    expect(isMinimal).toBe(true);
    expect(done).toContain('crash earlier');
    expect(scenario.options.faultProfile.ratios).toEqual({ crash: 0.01 });
    // Of three crashes, the first.
    expect(scenario.muted).toEqual([1, 2]);
  });

  test('a crash is not moved where the earlier one brings more faults with it', async () => {
    const occurrences = ['crash', 'crash'];
    const fails: Fails<unknown> = async (scenario) => {
      if (scenario.options.faultProfile.ratios.crash === undefined) return undefined;
      const open = openIn(scenario, occurrences);
      // After the first, two more come up.
      if (open.includes(0)) return { occurrences: ['crash', 'crash', 'slow', 'slow'] };
      return open.includes(1) ? { occurrences } : undefined;
    };
    const begun = { ...withFaults({ crash: 0.01 }), muted: [0] };
    const { scenario } = await shrink(begun, fails);
    expect(scenario.muted).toEqual([0]);
  });

  test('they become as rare as they may be', async () => {
    const fails: Fails<unknown> = async ({ options }) =>
      (options.faultProfile.ratios.crash ?? 0) >= 0.1 ? { occurrences: ['crash'] } : undefined;
    const { scenario, isMinimal } = await shrink(withFaults({ crash: 0.8, slow: 0.3 }), fails);
    expect(scenario.options.faultProfile.ratios).toEqual({ crash: 0.1 });
    expect(isMinimal).toBe(true);
  });

  test('what is muted beyond the last one is forgotten', async () => {
    const fails: Fails<unknown> = async () => ({ occurrences: [] });
    const { scenario } = await shrink({ ...plain, muted: [7, 8] }, fails);
    expect(scenario.muted).toEqual([]);
  });
});

test('windows and retries go back to what is plain, unless it takes them', async () => {
  const options = { ...plain.options, batchWindow: 3, retryAttempts: 2 };
  const any = await shrink({ ...plain, options }, async () => ({ occurrences: [] }));
  expect(any.scenario.options).toMatchObject({ batchWindow: 0, retryAttempts: -1 });
  const wanted = await shrink({ ...plain, options }, async (scenario) =>
    scenario.options.retryAttempts === 2 ? { occurrences: [] } : undefined,
  );
  expect(wanted.scenario.options).toMatchObject({ batchWindow: 0, retryAttempts: 2 });
});

/** Two bugs: purchases after the second of a batch get no row, and scores are never written. */
const twice = forgetful({ transferScores: async () => done(undefined) });

/** The first drawn scenario that fails in this way. */
async function drawnWith(failure: Failure) {
  for (let number = 0; number < 2_000; number++) {
    const scenario = draw(`two bugs:${number}`, { workload: winner, faults: PROFILES.light });
    const { failures } = await runScenario(scenario, { workload: winner, load: twice });
    if (isSameFailure(failures[0], failure)) return scenario;
  }
  throw new Error(`no run failed like ${JSON.stringify(failure)}`);
}

const LOST_PURCHASE: Failure = {
  kind: 'invariant',
  invariant: 'acknowledged-purchase-is-stored',
  watchPoint: { type: 'checkpoint', eventKind: 'product/purchase' },
  message: '',
};

test.each<[string, Failure, number]>([
  ['an invariant', LOST_PURCHASE, 3],
  ['rows of a table', { kind: 'rows', table: 'Scores', rows: 1 }, 2],
])(
  'of two bugs, the one that was found is held on to: %s; and the end is 1-minimal',
  async (_, failure, eventsLeft) => {
    const found = await drawnWith(failure);
    const fails: Fails<WinnerEvent> = async (scenario) => {
      const outcome = await runScenario(scenario, { workload: winner, load: twice });
      return isSameFailure(outcome.failures[0], failure) ? outcome : undefined;
    };
    const seedsTried = 3;
    const { scenario, isMinimal } = await shrink(found, fails, { seedsTried });
    expect(isMinimal).toBe(true);
    expect(scenario.events).toHaveLength(eventsLeft);
    const last = await fails(scenario);
    expect(last).toBeDefined();

    // Said by itself, without the loop that says it.
    const still: Reduction<WinnerEvent>['name'][] = [];
    for (const list of reductions<WinnerEvent>()) {
      for (const { name, scenario: smaller } of list(scenario, last as Attempt)) {
        const seeds = smaller.muted.length > 0 ? [] : renumberSeeds(smaller, seedsTried);
        for (const each of [smaller, ...seeds]) if (await fails(each)) still.push(name);
      }
    }
    expect(still).toEqual([]);
  },
);
