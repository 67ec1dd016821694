/** Item 5: a shard's checkpoint lies just before the lowest record that is not done in any lane. */
import { compareSequenceNumbers } from '../model/stream-record.ts';
import { drop, queueFirst } from './queue.ts';
import type { ShardDraft, StepContext } from './step-context.ts';

/** To be called after any progress of a lane. Visits each record of the ledger once. */
export function moveCheckpoint(shard: ShardDraft, context: StepContext): void {
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
  context.commands.push({
    type: 'append',
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
