/**
 * Holds a run to its workload's invariants while it goes on: the first violation is told, with the moment
 * at which it happened. It sees every write, and every checkpoint that moves.
 */
import type { HistoryReader } from '../history/history.ts';
import { compareSequenceNumbers } from '../stream/record.ts';
import type { EventSource, Row, Watcher } from '../workload/workload.ts';

export interface Guard<Event> {
  readonly read: HistoryReader;
  /** For the world: an item was written, and what was written became visible. */
  wrote(table: string, before: Row | undefined, after: Row | undefined): void;
  committed(): void;
  /** Without them, checkpoints can't be judged. */
  begin(
    source: EventSource<Event>,
    find: (table: string, key: readonly string[]) => Row | undefined,
  ): void;
  /** Resolves with the first violation. */
  readonly violated: Promise<string>;
}

interface Waiting {
  readonly sequenceNumber: string;
  readonly event: number;
}

export function createGuard<Event>(watcher: Watcher<Event>): Guard<Event> {
  const { promise: violated, resolve } = Promise.withResolvers<string>();
  const tell = (violation: string | undefined): void => {
    if (violation !== undefined) resolve(violation);
  };
  let source: EventSource<Event> | undefined;
  let find: (table: string, key: readonly string[]) => Row | undefined = () => undefined;
  /** Records that no checkpoint has gone past, by shard, in the order of the shard. */
  const waiting = new Map<string, { records: Waiting[]; done: number }>();
  const discarded = new Set<string>();

  const read: HistoryReader = (record) => {
    switch (record.type) {
      case 'record-pushed': {
        const shard = waiting.get(record.shardId) ?? { records: [], done: 0 };
        waiting.set(record.shardId, shard);
        shard.records.push(record);
        break;
      }
      case 'batch-discarded':
        for (const sequenceNumber of record.sequenceNumbers) {
          discarded.add(`${record.shardId} ${sequenceNumber}`);
        }
        break;
      case 'checkpoint-moved':
        pass(record.shardId, record.sequenceNumber);
        break;
    }
  };

  const pass = (shardId: string, checkpoint: string): void => {
    const shard = waiting.get(shardId);
    if (shard === undefined) return;
    const { records } = shard;
    for (; shard.done < records.length; shard.done++) {
      const { sequenceNumber, event } = records[shard.done] as Waiting;
      if (compareSequenceNumbers(sequenceNumber, checkpoint) > 0) break;
      if (discarded.has(`${shardId} ${sequenceNumber}`) || event < 0 || source === undefined)
        continue;
      tell(watcher.checkpointed(source.at(event), find));
    }
    if (shard.done > 10_000) records.splice(0, shard.done);
    if (shard.done > 10_000) shard.done = 0;
  };

  return {
    read,
    wrote: (table, before, after) => tell(watcher.wrote(table, before, after)),
    committed: () => tell(watcher.committed()),
    begin(history, finder) {
      source = history;
      find = finder;
    },
    violated,
  };
}
