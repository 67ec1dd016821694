/** Queries on a mapping's state. */
import { queueLength } from './queue.ts';
import type { Invocation, MappingState, ShardState } from './state.ts';

/**
 * Nothing is buffered, in flight, or waiting for a retry or repeat; and every shard was read to its
 * end, or a poll sent after `sinceMs` (the time of the last put, say) found it empty.
 */
export function isDrained(state: MappingState, sinceMs = Number.NEGATIVE_INFINITY): boolean {
  if (state.discovering || !state.discovered) return false;
  for (const shard of state.shards.values()) {
    if (shard.running.length > 0 || shard.repeats.length > 0) return false;
    if (!isFinished(shard) && (queueLength(shard.ledger) > 0 || shard.tipAtMs <= sinceMs)) {
      return false;
    }
  }
  return true;
}

/** Read to its end, with every record done or discarded: its children may start (item 19). */
export function isFinished(shard: ShardState): boolean {
  return shard.closed && queueLength(shard.ledger) === 0;
}

/** Unfinished invocations, repeats included. */
export function inFlight(state: MappingState): readonly Invocation[] {
  return [...state.shards.values()].flatMap((shard) => shard.running);
}
