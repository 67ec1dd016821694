/** Questions about a mapping that a driver, a progress bar or a test asks. */
import { queueLength } from './queue.ts';
import type { Invocation, MappingState, ShardState } from './state.ts';

/**
 * Nothing buffered, in flight, or waiting for a retry or a repeat, and each shard read to its end or
 * found empty at the tip by a poll asked for after `sinceMs`, such as the time of the last put.
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

/** A shard read to its end with every record done or discarded: its children may start (item 19). */
export function isFinished(shard: ShardState): boolean {
  return shard.closed && queueLength(shard.ledger) === 0;
}

/** By shard, the sequence number up to which everything is done or discarded (item 5). */
export function checkpoints(state: MappingState): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const shard of state.shards.values()) {
    if (shard.checkpoint !== undefined) found.set(shard.shardId, shard.checkpoint);
  }
  return found;
}

/** The invocations without an answer, repeats included. */
export function inFlight(state: MappingState): readonly Invocation[] {
  return [...state.shards.values()].flatMap((shard) => shard.running);
}

/** Records read that lie past the checkpoint of their shard. */
export function buffered(state: MappingState): number {
  let count = 0;
  for (const shard of state.shards.values()) count += queueLength(shard.ledger);
  return count;
}
