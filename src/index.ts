/** The types of what other people write: a workload, a configuration. Nothing of it is left at run time. */

import type * as definition from './simulator/model/workload-definition.ts';
import type { GameEntity } from './simulator/workload/winner/entities.ts';

export type { SimulateConfig } from './cli/config.ts';
export type { Row, Watcher } from './simulator/model/workload.ts';
export type { Table } from './simulator/model/workload-definition.ts';

/** A view: its tables, its events, and the rows that they must lead to. `Entity`: the names of its entities. */
export type WorkloadDefinition<
  Event,
  Entity extends string = GameEntity,
> = definition.WorkloadDefinition<Event, Entity>;

/** What `generate` is called with. */
export type HistoryOptions<Entity extends string = GameEntity> = definition.HistoryOptions<Entity>;
