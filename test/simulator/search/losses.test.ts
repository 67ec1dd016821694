/** Runs in which delivery gives up: what was lost is excused, and nothing else is. */
import { expect, test } from '@jest/globals';
import { createDynamoDBViewStore } from '../../../src/handler/dynamodb/view-store.ts';
import { createHandler } from '../../../src/handler/handler.ts';
import { done } from '../../../src/handler/outcome.ts';
import { loaderOf } from '../../../src/simulator/execution/virtual/shipped.ts';
import type { HistoryRecord } from '../../../src/simulator/model/history.ts';
import { runScenario } from '../../../src/simulator/search/run-scenario.ts';
import {
  PLAIN_OPTIONS,
  SCENARIO_VERSION,
  type Scenario,
} from '../../../src/simulator/search/scenario.ts';
import type { WinnerEvent } from '../../../src/simulator/workload/winner/event.ts';
import { winner } from '../../../src/simulator/workload/winner/winner.ts';
import { named } from './named.ts';

/** The same three events of two products; record by record. */
const events: readonly WinnerEvent[] = ['good', 'lost'].flatMap((productId) =>
  named(3).map((event) => ({ ...event, productId, origin: `${productId} ${event.origin}` })),
);

function scenario(
  change: Partial<Scenario['options']>,
  limits: Scenario['limits'] = {},
): Scenario<WinnerEvent> {
  return {
    version: SCENARIO_VERSION,
    workload: winner.name,
    options: {
      ...PLAIN_OPTIONS,
      seed: 'losses',
      count: events.length,
      batchSize: 1,
      parallelizationFactor: 10,
      ...change,
    },
    events,
    pushes: events.map((_, event) => ({ event, copy: 0 })),
    limits,
    muted: [],
  };
}

/** What comes of product `lost` fails: always, or until its batch has been delivered so often. */
function failing(
  scores: 'transferred' | 'never transferred',
  deliveriesMax = Number.POSITIVE_INFINITY,
) {
  let deliveries = 0;
  return loaderOf({
    createHandler(parts) {
      const handle = createHandler(parts);
      return async (event, context) => {
        const [record] = event.Records;
        const text = Buffer.from(record?.kinesis.data ?? '', 'base64').toString();
        if (text.includes('"lost"') && deliveries++ < deliveriesMax)
          throw new Error('not this one');
        return handle(event, context);
      };
    },
    createStore(...made) {
      const store = createDynamoDBViewStore(...made);
      if (scores === 'transferred') return store;
      return { ...store, transferScores: async () => done(undefined) };
    },
  });
}

const LAST_RETRY = 'given up after the last retry';
const AGE = 'given up for its age';

test('what is given up after the last retry is excused, and the rest is right', async () => {
  const result = await runScenario(scenario({ retryAttempts: 1 }), {
    workload: winner,
    load: failing('transferred'),
  });
  expect([result.verdict, result.failures]).toEqual(['converged', []]);
  expect(result.situations).toContain(LAST_RETRY);
  expect(result.situations).not.toContain(AGE);
  // They do differ: rows of the lost product are missing.
  expect(new Set(result.differences.map(({ key }) => key[0]?.split(' ')[0]))).toEqual(
    new Set(['lost']),
  );
});

test('what is given up for its age is excused, and the rest is right', async () => {
  const aged = scenario({}, { recordAgeMsMax: 20_000 });
  const result = await runScenario(aged, { workload: winner, load: failing('transferred') });
  expect([result.verdict, result.failures]).toEqual(['converged', []]);
  expect(result.situations).toContain(AGE);
  expect(result.situations).not.toContain(LAST_RETRY);
  expect(result.differencesTotal).toBeGreaterThan(0);
});

test.each([
  ['after the last retry', scenario({ retryAttempts: 0 })],
  ['for its age', scenario({}, { recordAgeMsMax: 20_000 })],
])('what was given up %s hides no bug in the other rows', async (_, lossy) => {
  const result = await runScenario(lossy, { workload: winner, load: failing('never transferred') });
  expect(result.verdict).toBe('diverged');
  const scores = result.differences.filter(({ table }) => table === 'Scores');
  expect(scores.map(({ key }) => key[0])).toContain('good bob');
});

test('what comes through before the last retry is no loss', async () => {
  const load = failing('transferred', 3);
  const result = await runScenario(scenario({ retryAttempts: 5 }), { workload: winner, load });
  expect([result.verdict, result.differencesTotal]).toEqual(['converged', 0]);
  expect(result.situations).not.toContain(LAST_RETRY);
});

test('batches gather for as long as their window', async () => {
  const firstAtMs = async (batchWindow: number) => {
    let atMs = Number.NaN;
    const read = (record: HistoryRecord): void => {
      if (record.type === 'invoked' && record.invocation === 1) atMs = record.atMs;
    };
    const gathered = scenario({ batchSize: 100, batchWindow });
    await runScenario(gathered, { workload: winner, readers: [read] });
    return atMs;
  };
  expect(await firstAtMs(0)).toBeLessThan(5_000);
  expect(await firstAtMs(5)).toBeGreaterThanOrEqual(5_000);
});
