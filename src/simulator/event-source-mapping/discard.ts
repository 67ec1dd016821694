/** Item 14: records that are given up go to the on-failure destination. */
import type { StreamRecord } from '../model/stream-record.ts';
import type { DiscardCommand } from './messages.ts';
import type { ShardDraft, StepContext } from './step-context.ts';

export function discard(
  shard: ShardDraft,
  reason: DiscardCommand['reason'],
  records: readonly StreamRecord[],
  invocations: number,
  context: StepContext,
): void {
  if (records.length === 0) return;
  context.commands.push({ type: 'discard', shardId: shard.shardId, reason, invocations, records });
}
