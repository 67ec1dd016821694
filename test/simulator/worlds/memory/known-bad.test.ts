/**
 * Test the tester: what the local world brings down, this one brings down, within a thousand
 * events.
 */
import { fileURLToPath } from 'node:url';
import { expect, jest, test } from '@jest/globals';
import type { RunOptions } from '../../../../src/simulator/model/run-options.ts';
import { runElsewhere } from './memory-run.ts';

jest.setTimeout(60_000);

const file = (name: string) =>
  fileURLToPath(new URL(`../../../handlers/${name}.ts`, import.meta.url));
const SHUFFLED = { count: 300, shuffle: true, duplicate: 0.1, delay: 0.05 };

const BAD: readonly (readonly [name: string, options: Partial<RunOptions>])[] = [
  ['acks-early', { count: 200, shuffle: false }],
  ['acks-early', { count: 200, shuffle: false, kill: 1 }],
  ['first-arrival-wins', SHUFFLED],
  ['not-idempotent', { count: 300, shuffle: false, duplicate: 0.1 }],
  ['stale-overwrite', { ...SHUFFLED, count: 700, shards: 4, entities: { users: 4 } }],
  ['stops-at-one-page', { ...SHUFFLED, faults: { 'small-pages': 0.5 } }],
  ['counts-from-lagging-index', { ...SHUFFLED, shards: 1, faults: { 'index-lag': 0.3 } }],
  ['counts-from-lagging-index', { ...SHUFFLED, shards: 1, faults: { 'stale-read': 0.3 } }],
  ['swallows-errors', { ...SHUFFLED, faults: { throttled: 0.05 } }],
  ['retries-without-token', { ...SHUFFLED, faults: { 'answer-lost': 0.05 } }],
];
const SEEDS = ['one', 'two'];

test.each([false, true])(
  'each is brought down by its flags; with invariants: %j',
  async (invariants) => {
    const runs = BAD.flatMap(([name, options]) =>
      SEEDS.map((seed) => ({ ...options, seed, invariants, handler: file(name) })),
    );
    const results = await runElsewhere(runs);
    const verdicts = results.map(({ verdict }, at) => [runs[at]?.handler, runs[at]?.seed, verdict]);
    expect(verdicts.filter(([, , verdict]) => verdict !== 'diverged')).toEqual([]);
    if (invariants) return;
    // By what it was asked to be brought down by.
    const unused = results.flatMap(({ figures }) =>
      Object.entries(figures.faults).filter(([, { happened }]) => happened === 0),
    );
    expect(unused).toEqual([]);
  },
);

test('some of them before the end, where they are held to the invariants', async () => {
  const runs = ['acks-early', 'first-arrival-wins', 'not-idempotent'].map((name) => ({
    ...SHUFFLED,
    invariants: true,
    handler: file(name),
  }));
  const results = await runElsewhere(runs);
  expect(results.map(({ failures }) => failures[0]?.kind)).toEqual(runs.map(() => 'invariant'));
});

test('a right one converges under faults, and keeps the invariants', async () => {
  const handler = file('simple');
  const faults = { conflict: 0.05, 'answer-lost': 0.02, 'small-pages': 0.5, crash: 0.01 };
  const results = await runElsewhere(
    SEEDS.flatMap((seed) => [
      { ...SHUFFLED, seed, handler, invariants: true },
      { ...SHUFFLED, seed, handler, invariants: true, faults },
    ]),
  );
  expect(results.flatMap(({ failures }) => failures)).toEqual([]);
  expect(results.map(({ verdict }) => verdict)).toEqual(results.map(() => 'converged'));
});
