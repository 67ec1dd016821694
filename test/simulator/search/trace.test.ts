/** The story says where a row that is wrong in the end left the reference. */
import { expect, test } from '@jest/globals';
import { createDynamoDBViewStore } from '../../../src/handler/dynamodb/view-store.ts';
import { done } from '../../../src/handler/outcome.ts';
import type { ViewStore } from '../../../src/handler/view-store.ts';
import { loaderOf } from '../../../src/simulator/execution/virtual/shipped.ts';
import { PLAIN_OPTIONS } from '../../../src/simulator/search/draw.ts';
import { SCENARIO_VERSION, type Scenario } from '../../../src/simulator/search/scenario.ts';
import { tell } from '../../../src/simulator/search/trace.ts';
import { formatStory } from '../../../src/simulator/search/trace-text.ts';
import type { WinnerEvent } from '../../../src/simulator/workload/winner/event.ts';
import { named } from '../../../src/simulator/workload/winner/named.ts';
import { winner } from '../../../src/simulator/workload/winner/winner.ts';

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
  options: { ...PLAIN_OPTIONS, seed: 'story', count: events.length, batchSize: 1 },
  events,
  pushes: order.map((event) => ({ event, copy: 0 })),
  limits: {},
  muted: [],
});

const marked = async (order: readonly number[], load: ReturnType<typeof handlerWith>) => {
  const story = await tell(scenario(order), { workload: winner, load });
  expect(story.outcome.verdict).toBe('diverged');
  const lines = story.lines.filter(({ wrong }) => wrong !== '');
  return { story, lines };
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
  const { story, lines } = await marked([0, 1, 2], load);
  expect(lines.map(({ what, wrong }) => [what, wrong])).toEqual([
    ['    stored', 'here it left the reference: Scores bob creator'],
  ]);
  // Ann had two as well, for a while: her row is right in the end.
  expect(lines[0]?.more).toMatch(/^Scores: bob creator: score 2/);
  // Also where requests aren't told.
  const text = formatStory(story, false);
  expect(text).toMatch(/stored .*score 2 .*◄ here it left the reference: Scores bob creator/);
  expect(text).not.toMatch(/UpdateItem/);
});

test('at the answer that acknowledged what was not done', async () => {
  const load = handlerWith(() => ({ transferScores: async () => done(undefined) }));
  const { lines } = await marked([2, 0, 1], load);
  expect(lines.map(({ who, what, wrong }) => [who, what, wrong])).toEqual([
    // The purchase comes third.
    ['#3', 'success', 'here it left the reference: Scores bob creator'],
  ]);
});

test('nowhere, where all is right', async () => {
  const { lines, outcome } = await tell(scenario([1, 0, 2]), { workload: winner });
  expect(outcome.verdict).toBe('converged');
  expect(lines.filter(({ wrong }) => wrong !== '')).toEqual([]);
});
