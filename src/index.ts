/** The types of what other people write: a workload, a configuration. Nothing of it is left at run time. */

export type { SimulateConfig } from './simulator/cli/config.ts';
export type { HistoryOptions, Table, WorkloadDefinition } from './simulator/workload/definition.ts';
export type { Row, Watcher } from './simulator/workload/workload.ts';
