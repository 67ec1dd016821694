/**
 * Follows the records that no checkpoint has passed yet: the event of each, and whether it was
 * acknowledged or discarded when the checkpoint passed it.
 */
import type { HistoryReader } from '../history/history.ts';
import { compareSequenceNumbers } from '../model/stream-record.ts';

export interface Passed {
  readonly shardId: string;
  readonly sequenceNumber: string;
  /** Index into the canonical history; -1 for a malformed record. */
  readonly event: number;
  /** It went to the on-failure destination; otherwise it was acknowledged. */
  readonly discarded: boolean;
}

/** Calls `onPassed` once for each record: the event source mapping will not deliver it again. */
export function createNotCheckpointed(onPassed: (passed: Passed) => void): HistoryReader {
  const shards = new Map<string, Shard>();
  const shardOf = (shardId: string): Shard => {
    const known = shards.get(shardId);
    if (known !== undefined) return known;
    const shard = { records: [], done: 0, checkpoint: '', discarded: new Set<string>() };
    shards.set(shardId, shard);
    return shard;
  };
  const pass = (shardId: string, { discarded }: Shard, { sequenceNumber, event }: Waiting): void =>
    onPassed({ shardId, sequenceNumber, event, discarded: discarded.delete(sequenceNumber) });

  return (record) => {
    switch (record.type) {
      case 'record-pushed': {
        const shard = shardOf(record.shardId);
        const waiting = { sequenceNumber: record.sequenceNumber, event: record.event };
        // A producer may learn that it was stored after it was delivered.
        if (compareSequenceNumbers(record.sequenceNumber, shard.checkpoint) <= 0) {
          pass(record.shardId, shard, waiting);
        } else {
          insert(shard.records, waiting);
        }
        break;
      }
      case 'batch-discarded': {
        const { discarded } = shardOf(record.shardId);
        for (const sequenceNumber of record.sequenceNumbers) discarded.add(sequenceNumber);
        break;
      }
      case 'checkpoint-moved': {
        const shard = shardOf(record.shardId);
        shard.checkpoint = record.sequenceNumber;
        for (; shard.done < shard.records.length; shard.done++) {
          const waiting = shard.records[shard.done] as Waiting;
          if (compareSequenceNumbers(waiting.sequenceNumber, shard.checkpoint) > 0) break;
          pass(record.shardId, shard, waiting);
        }
        if (shard.done > FORGOTTEN_MIN) shard.records.splice(0, shard.done);
        if (shard.done > FORGOTTEN_MIN) shard.done = 0;
        break;
      }
    }
  };
}

interface Waiting {
  readonly sequenceNumber: string;
  readonly event: number;
}

interface Shard {
  /** In the order of the shard. */
  readonly records: Waiting[];
  /** How many of them the checkpoint has passed. */
  done: number;
  checkpoint: string;
  readonly discarded: Set<string>;
}

/** Removed rarely and in large numbers, because each removal moves all others. */
const FORGOTTEN_MIN = 10_000;

/**
 * Mostly at the end. The calls of several lanes don't return in the order in which they were
 * stored.
 */
function insert(records: Waiting[], waiting: Waiting): void {
  let at = records.length;
  while (at > 0) {
    const before = records[at - 1] as Waiting;
    if (compareSequenceNumbers(before.sequenceNumber, waiting.sequenceNumber) <= 0) break;
    at--;
  }
  if (at === records.length) records.push(waiting);
  else records.splice(at, 0, waiting);
}
