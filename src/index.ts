/** The types of what other people write: a workload, a configuration. Nothing of it is left at run time. */

export type { SimulateConfig } from './cli/config.ts';
export type { Row, Watcher } from './simulator/model/workload.ts';
export type {
  HistoryOptions,
  Table,
  WorkloadDefinition,
} from './simulator/model/workload-definition.ts';
