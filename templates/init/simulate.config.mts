/** Flags that would otherwise be typed each time; those on the command line win. */
import type { SimulateConfig } from 'winner-view';

export default {
  workload: './workload.mts',
  handler: './handler.mts',
  shuffle: true,
  count: 1000,
  shards: 2,
} satisfies SimulateConfig;
