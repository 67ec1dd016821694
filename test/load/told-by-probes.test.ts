import { describe, expect, test } from '@jest/globals';
import { passagesToldBy } from '../../load/told-by-probes.ts';

const at = (shardId: string, arrivedAtMs: number) => ({ shardId, arrivedAtMs });
const probe = (shardId: string, arrivedAtMs: number, lagMs: number | undefined) => ({
  ...at(shardId, arrivedAtMs),
  lagMs,
});
const lags = (...words: Parameters<typeof passagesToldBy>) =>
  passagesToldBy(...words).map(({ arrivedAtMs, doneAtMs }) => doneAtMs - arrivedAtMs);

describe('what probes tell of the records around them', () => {
  test('in proportion between two, and as the nearest outside', () => {
    const probes = [probe('a', 3_000, 700), probe('a', 1_000, 300)];
    const arrivals = [3_500, 500, 1_000, 1_500, 2_000, 3_000].map((ms) => at('a', ms));
    expect(lags(probes, arrivals)).toEqual([300, 300, 400, 500, 700, 700]);
  });

  test('shard by shard; one without a probe goes by those of all', () => {
    const probes = [probe('a', 1_000, 100), probe('b', 1_000, 900), probe('b', 2_000, 500)];
    expect(lags(probes, [at('a', 1_900)])).toEqual([100]);
    expect(lags(probes, [at('b', 1_500)])).toEqual([700]);
    expect(lags(probes, [at('c', 2_500)])).toEqual([500]);
  });

  test('beside a probe that was never seen, nothing was seen to be done', () => {
    const probes = [probe('a', 1_000, 100), probe('a', 2_000, undefined)];
    const arrivals = [at('a', 500), at('a', 1_500), at('a', 2_500)];
    expect(lags(probes, arrivals)).toEqual([100, Infinity, Infinity]);
  });

  test('without any probe nothing is known', () => {
    expect(lags([], [at('a', 500)])).toEqual([Infinity]);
  });
});
