import { describe, expect, test } from '@jest/globals';
import { passagesFromProbes } from '../../../load/measure/passages-from-probes.ts';

const at = (shardId: string, arrivedAtMs: number) => ({ shardId, arrivedAtMs });
const probe = (shardId: string, arrivedAtMs: number, lagMs: number | undefined) => ({
  ...at(shardId, arrivedAtMs),
  lagMs,
});
const lags = (...args: Parameters<typeof passagesFromProbes>) =>
  passagesFromProbes(...args).map(({ arrivedAtMs, doneAtMs }) => doneAtMs - arrivedAtMs);

describe('the lags of records between probes', () => {
  test('are interpolated between two probes, and those of the nearest one outside', () => {
    const probes = [probe('a', 3_000, 700), probe('a', 1_000, 300)];
    const arrivals = [3_500, 500, 1_000, 1_500, 2_000, 3_000].map((ms) => at('a', ms));
    expect(lags(probes, arrivals)).toEqual([300, 300, 400, 500, 700, 700]);
  });

  test('are computed per shard; a shard without probes uses those of all', () => {
    const probes = [probe('a', 1_000, 100), probe('b', 1_000, 900), probe('b', 2_000, 500)];
    expect(lags(probes, [at('a', 1_900)])).toEqual([100]);
    expect(lags(probes, [at('b', 1_500)])).toEqual([700]);
    expect(lags(probes, [at('c', 2_500)])).toEqual([500]);
  });

  test('are infinite beside a probe that was never found', () => {
    const probes = [probe('a', 1_000, 100), probe('a', 2_000, undefined)];
    const arrivals = [at('a', 500), at('a', 1_500), at('a', 2_500)];
    expect(lags(probes, arrivals)).toEqual([100, Infinity, Infinity]);
  });

  test('are infinite without any probe', () => {
    expect(lags([], [at('a', 500)])).toEqual([Infinity]);
  });
});
