/** Percentiles of a list of values. */
import { quantileSorted } from 'simple-statistics';
import type { Percentiles } from '../figures.ts';

/** Undefined without values. Interpolated between neighbours. */
export function percentilesOf(values: readonly number[]): Percentiles | undefined {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((left, right) => left - right);
  const [p50, p95, p99, max] = [0.5, 0.95, 0.99, 1].map((share) => quantileSorted(sorted, share));
  return { p50: p50 ?? 0, p95: p95 ?? 0, p99: p99 ?? 0, max: max ?? 0 };
}
