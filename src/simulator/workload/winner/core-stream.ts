/**
 * Event ids of the retailer's core stream: `shardId-<12 digits>:<56-digit sequence number>`. Their
 * order is not the order in which records arrive at this service's own stream.
 */
import type { Random } from '../../model/random.ts';
import { below, seededRandom } from '../../random.ts';

const SHARDS = 4;
/** One product in 32 moves to another core shard, beginning with the fourth best seller. */
const MOVES_EVERY = 32;
const MOVES_AT_RANK = SHARDS - 1;

export interface CoreStream {
  /** The id of the event at `index`, which is about the product of `rank`. */
  eventId(index: number, rank: number, random: Random): string;
}

/**
 * Ids grow with the index within a shard; a product that moves gets smaller ids in the second half.
 */
export function createCoreStream(seed: string, count: number): CoreStream {
  const random = seededRandom(seed, 'core stream');
  const shardIds = Array.from({ length: SHARDS }, (_, shard) => {
    const start = `4957${digits(random, 8)}${digits(random, 8)}`;
    return `shardId-${String(shard).padStart(12, '0')}:${start}`;
  });
  return {
    eventId(index, rank, eventRandom) {
      // From the last shard to the first, so that byte order differs from the order of time.
      const moved = rank % MOVES_EVERY === MOVES_AT_RANK && index >= count / 2;
      const shardId = shardIds[moved ? 0 : rank % SHARDS] as string;
      const growing = String(index * 1_000_000 + below(eventRandom, 1_000_000)).padStart(16, '0');
      return shardId + growing + digits(eventRandom, 10) + digits(eventRandom, 10);
    },
  };
}

function digits(random: Random, length: number): string {
  return String(Math.floor(random() * 10 ** length)).padStart(length, '0');
}
