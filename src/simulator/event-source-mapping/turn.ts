/** One step's workspace: what every part of it reads, and the commands it has come to so far. */
import type { Random } from '../model/random.ts';
import type { DeliveryCommand } from './messages.ts';
import type { EventSourceMapping } from './settings.ts';
import type { ShardState } from './state.ts';

export interface Turn {
  readonly settings: EventSourceMapping;
  readonly on: boolean;
  readonly nowMs: number;
  readonly random: Random;
  readonly commands: DeliveryCommand[];
  /** Invocations so far. */
  invocations: number;
  /** Repeats (item 17) that are due, as a fraction of one; undefined before the first success. */
  repeatsDue: number | undefined;
}

/**
 * A shard while a step works on it: a copy whose fields are replaced. What they hold is shared with
 * the state before, and so is never changed in place.
 */
export type ShardDraft = { -readonly [Field in keyof ShardState]: ShardState[Field] };
