/**
 * Tests the checks: each known-bad handler fails with its flags, and with several seeds if
 * KNOWN_BAD_SEEDS=5 is set. Handlers that fail only because of faults pass without them.
 */
import { fileURLToPath } from 'node:url';
import { expect, jest, test } from '@jest/globals';
import { simulateJson } from '../e2e/simulate.ts';

jest.setTimeout(120_000);
const SEEDS = Array.from(
  { length: Number(process.env['KNOWN_BAD_SEEDS'] ?? 1) },
  (_, at) => `known bad ${at}`,
);
/**
 * Faults that a handler stands which leaves its retries to the SDK; each is bound to happen among
 * so many requests.
 */
const STANDS =
  '--kill 2 --fault conflict=0.08 --fault answer-lost=0.06 --fault internal-error-before=0.06 ' +
  '--fault internal-error-after=0.06 --fault small-pages=0.5';

const file = (name: string) => fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
const run = (seed: string, handler: string, flags: string) =>
  simulateJson('--seed', seed, '--handler', file(handler), ...flags.split(' '));

test.each([
  ['acks-early', '--count 200'],
  ['acks-early', '--count 200 --kill 3'],
  ['stops-at-one-page', '--count 300 --shuffle --fault small-pages=0.5'],
  ['counts-from-lagging-index', '--count 200 --shuffle --shards 1 --fault index-lag=0.3'],
  ['swallows-errors', '--count 200 --shuffle --fault throttled=0.05'],
  ['retries-without-token', '--count 300 --shuffle --fault answer-lost=0.05'],
])('%s is brought down by %s', async (handler, flags) => {
  for (const seed of SEEDS) {
    const { status, result } = await run(seed, handler, flags);
    expect([seed, status, result.verdict]).toEqual([seed, 2, 'diverged']);
    // By what it was asked to be brought down by.
    for (const { happened } of Object.values(result.figures.faults)) {
      expect(happened).toBeGreaterThan(0);
    }
  }
});

test.each([
  ['stops-at-one-page', '--count 150 --shuffle'],
  ['counts-from-lagging-index', '--count 150 --shuffle --shards 1'],
  ['swallows-errors', '--count 150 --shuffle'],
  ['retries-without-token', '--count 150 --shuffle'],
  ['simple', `--count 300 --shuffle ${STANDS}`],
])('%s converges with %s', async (handler, flags) => {
  const { status, result } = await run('known good', handler, flags);
  expect(result.failures).toEqual([]);
  expect([status, result.verdict]).toEqual([0, 'converged']);
});
