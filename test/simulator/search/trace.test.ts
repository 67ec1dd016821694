/** The trace marks where a row that is wrong at the end left the reference. */
import { expect, test } from '@jest/globals';
import { createDynamoDBViewStore } from '../../../src/handler/dynamodb/view-store.ts';
import { done } from '../../../src/handler/outcome.ts';
import type { ViewStore } from '../../../src/handler/view-store.ts';
import { loaderOf } from '../../../src/simulator/execution/virtual/shipped.ts';
import {
  PLAIN_OPTIONS,
  SCENARIO_VERSION,
  type Scenario,
} from '../../../src/simulator/search/scenario.ts';
import { traceScenario } from '../../../src/simulator/search/trace.ts';
import { formatTrace } from '../../../src/simulator/search/trace-text.ts';
import type { WinnerEvent } from '../../../src/simulator/workload/winner/event.ts';
import { winner } from '../../../src/simulator/workload/winner/winner.ts';
import { named } from './named.ts';

const handlerWith = (change: (store: ViewStore) => Partial<ViewStore>) =>
  loaderOf({
    createStore(...made) {
      const store = createDynamoDBViewStore(...made);
      return { ...store, ...change(store) };
    },
  });

/** A creation, a purchase, an earlier creation; in this order, one by one. */
const events = named(3);
const scenario = (order: readonly number[]): Scenario<WinnerEvent> => ({
  version: SCENARIO_VERSION,
  workload: winner.name,
  options: { ...PLAIN_OPTIONS, seed: 'trace', count: events.length, batchSize: 1 },
  events,
  pushes: order.map((event) => ({ event, copy: 0 })),
  limits: {},
  muted: [],
});

const marked = async (order: readonly number[], load: ReturnType<typeof handlerWith>) => {
  const trace = await traceScenario(scenario(order), { workload: winner, load });
  expect(trace.outcome.verdict).toBe('diverged');
  const lines = trace.lines.filter(({ divergence }) => divergence !== '');
  return { trace, lines };
};

test('at the write that was wrong', async () => {
  // Each sale of a creator's counts twice.
  const load = handlerWith((store) => ({
    commit: ({ salesAdded, ...commit }, signal) =>
      store.commit(
        { ...commit, salesAdded: { ...salesAdded, creator: 2 * salesAdded.creator } },
        signal,
      ),
  }));
  const { trace, lines } = await marked([0, 1, 2], load);
  expect(lines.map(({ what, divergence }) => [what, divergence])).toEqual([
    ['    stored', 'first divergence: Scores bob creator'],
  ]);
  // Ann had two as well, for a while: her row is right in the end.
  expect(lines[0]?.detail).toMatch(/^Scores bob creator: score 2/);
  // Also without requests.
  const text = formatTrace(trace, false);
  expect(text).toMatch(/stored .*score 2 .*◄ first divergence: Scores bob creator/);
  expect(text).not.toMatch(/UpdateItem/);
});

test('at the answer that acknowledged what was not done', async () => {
  const load = handlerWith(() => ({ transferScores: async () => done(undefined) }));
  const { lines } = await marked([2, 0, 1], load);
  expect(lines.map(({ actor, what, divergence }) => [actor, what, divergence])).toEqual([
    // The purchase comes third.
    ['#3', 'success', 'first divergence: Scores bob creator'],
  ]);
});

test('nowhere, where all is right', async () => {
  const { lines, outcome } = await traceScenario(scenario([1, 0, 2]), { workload: winner });
  expect(outcome.verdict).toBe('converged');
  expect(lines.filter(({ divergence }) => divergence !== '')).toEqual([]);
});
