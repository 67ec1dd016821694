/** Item 5: the checkpoint of a shard, just before the lowest record of any lane that isn't done. */
import { compareSequenceNumbers } from '../model/stream-record.ts';
import { drop, queueFirst } from './queue.ts';
import type { ShardDraft, Turn } from './turn.ts';

/** To be called whenever a lane has got on. Every record passes under the mark once. */
export function moveCheckpoint(shard: ShardDraft, turn: Turn): void {
  const { items, head } = shard.ledger;
  const lowest = lowestUnfinished(shard);
  let mark = head;
  if (lowest === undefined) mark = items.length;
  else {
    let record = items[mark];
    while (record && compareSequenceNumbers(record.sequenceNumber, lowest) < 0) {
      mark++;
      record = items[mark];
    }
  }
  const passed = items[mark - 1];
  if (mark === head || passed === undefined) return;
  shard.ledger = drop(shard.ledger, mark - head);
  shard.checkpoint = passed.sequenceNumber;
  turn.commands.push({
    type: 'record',
    fact: {
      type: 'checkpoint-moved',
      shardId: shard.shardId,
      sequenceNumber: passed.sequenceNumber,
    },
  });
}

function lowestUnfinished(shard: ShardDraft): string | undefined {
  let lowest: string | undefined;
  for (const lane of shard.lanes) {
    const record = lane.pieces[0]?.records[0] ?? queueFirst(lane.queue);
    if (record === undefined) continue;
    if (lowest === undefined || compareSequenceNumbers(record.sequenceNumber, lowest) < 0) {
      lowest = record.sequenceNumber;
    }
  }
  return lowest;
}
