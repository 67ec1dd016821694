/**
 * Event ids as the retailer's core stream gives them: `shardId-<12 digits>:<56-digit sequence number>`.
 * They say nothing of the order in which records arrive at this service's own stream.
 */
import type { Random } from '../../model/random.ts';
import { below, seededRandom } from '../../random.ts';

const SHARDS = 4;
/** One product in 32, the fourth best seller being the first of them, changes its core shard. */
const MOVES_EVERY = 32;
const MOVES_AT_RANK = SHARDS - 1;

export interface CoreStream {
  /** The id of the event at `index`, which is about the product of `rank`. */
  eventId(index: number, rank: number, random: Random): string;
}

/** Ids grow with the index within a shard; a product that moves gets smaller ones in the second half. */
export function createCoreStream(seed: string, count: number): CoreStream {
  const random = seededRandom(seed, 'core stream');
  const shardIds = Array.from({ length: SHARDS }, (_, shard) => {
    const start = `4957${digits(random, 8)}${digits(random, 8)}`;
    return `shardId-${String(shard).padStart(12, '0')}:${start}`;
  });
  return {
    eventId(index, rank, eventRoll) {
      // From the last shard to the first, so that byte order and order of time differ.
      const moved = rank % MOVES_EVERY === MOVES_AT_RANK && index >= count / 2;
      const shardId = shardIds[moved ? 0 : rank % SHARDS] as string;
      const growing = String(index * 1_000_000 + below(eventRoll, 1_000_000)).padStart(16, '0');
      return shardId + growing + digits(eventRoll, 10) + digits(eventRoll, 10);
    },
  };
}

function digits(random: Random, length: number): string {
  return String(Math.floor(random() * 10 ** length)).padStart(length, '0');
}
