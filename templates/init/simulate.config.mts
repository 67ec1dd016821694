/** Options that would otherwise be typed each time; the command line wins. `explore: { ... }` is for `simulate explore`. */
import type { SimulateConfig } from 'winner-view';

export default {
  workload: './workload.mts',
  handler: './handler.mts',
  shuffle: true,
  count: 1000,
  shards: 2,
} satisfies SimulateConfig;
