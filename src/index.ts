/** The types of a workload and of a configuration file. They are erased at run time. */

import type * as definition from './simulator/model/workload-definition.ts';
import type { GameEntity } from './simulator/workload/winner/entities.ts';

export type { SimulateConfig } from './cli/config.ts';
export type { BrokenInvariant, ReadRow, Row, Watcher } from './simulator/model/workload.ts';
export type { Table } from './simulator/model/workload-definition.ts';

/**
 * A view: its tables, its events, and the rows that they lead to. `Entity`: the names of its
 * entities.
 */
export type WorkloadDefinition<
  Event,
  Entity extends string = GameEntity,
> = definition.WorkloadDefinition<Event, Entity>;

/** The argument of `generate`. */
export type HistoryOptions<Entity extends string = GameEntity> = definition.HistoryOptions<Entity>;
