/** Flags that would otherwise be typed each time; those on the command line win. */
import type { SimulateConfig } from 'winner-view';

export default {
  workload: './workload.ts',
  handler: './handler.ts',
  shuffle: true,
  count: 1000,
  shards: 2,
} satisfies SimulateConfig;
