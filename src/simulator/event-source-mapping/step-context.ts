/** What one step of the state machine works with: its inputs, and the commands issued so far. */
import type { Random } from '../model/random.ts';
import type { DeliveryCommand } from './messages.ts';
import type { EventSourceMapping } from './settings.ts';
import type { ShardState } from './state.ts';

export interface StepContext {
  readonly settings: EventSourceMapping;
  readonly on: boolean;
  readonly nowMs: number;
  readonly random: Random;
  readonly commands: DeliveryCommand[];
  /** Invocations so far. */
  invocations: number;
  /** Repeats due (item 17), as a fraction of one; undefined before the first success. */
  repeatsDue: number | undefined;
}

/**
 * A shard during a step: a copy whose fields are replaced. Their values are shared with the
 * previous state, so they are never changed in place.
 */
export type ShardDraft = { -readonly [Field in keyof ShardState]: ShardState[Field] };
