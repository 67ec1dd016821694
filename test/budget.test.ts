/**
 * What a record may cost: write-equivalents (write units, indexes included, cancelled ones at full price,
 * and a fifth of the read units) per record pushed. One consumer needs no real time to cost what it costs:
 * the deterministic world charges as DynamoDB does. How often four meet is a matter of real ones, which
 * run on fewer events here than in docs/benchmarks.md; BUDGETS=full runs them as they stand there.
 */
import { expect, jest, test } from '@jest/globals';
import type { Figures } from '../src/simulator/model/run-result.ts';
import { simulateJson } from './e2e/simulate.ts';

jest.setTimeout(180_000);
const IS_FULL = process.env['BUDGETS'] === 'full';
const ALONE = '--world memory --shards 1';
/** Three times as many events must cost no more for each than this factor. */
const GROWTH_MAX = 1.05;

test('at most 4 at batches of 100', async () => {
  const { dynamodb } = await cost(`${ALONE} --count 10000 --batch-size 100`);
  expect(dynamodb.writeEquivalentsPerRecord).toBeLessThanOrEqual(4);
  expect(dynamodb.writeEquivalentsPerRecord).toBeGreaterThan(1);
});

test('at most 2.5 at batches of 500', async () => {
  const { dynamodb } = await cost(`${ALONE} --count 10000 --batch-size 500`);
  expect(dynamodb.writeEquivalentsPerRecord).toBeLessThanOrEqual(2.5);
});

test('at most 4 with four shards that share every product, cancelled ones at full price', async () => {
  const count = IS_FULL ? 10_000 : 3_000;
  const { dynamodb, disorder } = await cost(`--count ${count} --shards 4 --partition random`);
  expect(dynamodb.writeEquivalentsPerRecord).toBeLessThanOrEqual(4);
  // They do get into each other's way, and it is counted.
  expect(dynamodb.cancelledWriteUnits).toBeGreaterThan(0);
  const { writeUnits, cancelledWriteUnits, readUnits } = dynamodb;
  expect(dynamodb.writeEquivalentsPerRecord).toBeCloseTo(
    (writeUnits + cancelledWriteUnits + readUnits / 5) / disorder.records,
  );
});

test('it does not grow with the history', async () => {
  const before = await cost(`${ALONE} --count 10000 --batch-size 100`);
  const after = await cost(`${ALONE} --count 30000 --batch-size 100`);
  expect(after.dynamodb.writeEquivalentsPerRecord).toBeLessThanOrEqual(
    GROWTH_MAX * before.dynamodb.writeEquivalentsPerRecord,
  );
});

const runs = new Map<string, Promise<Figures>>();

/** Of a run that converged; each is run once. */
function cost(flags: string): Promise<Figures> {
  const known = runs.get(flags);
  if (known !== undefined) return known;
  const setting = '--seed budget --shuffle --products 40 --users 10';
  const run = simulateJson(...`${setting} ${flags}`.split(' ')).then(({ result }) => {
    expect(result.verdict).toBe('converged');
    return result.figures;
  });
  runs.set(flags, run);
  return run;
}
