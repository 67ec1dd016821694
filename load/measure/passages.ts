/** When each record arrived at the stream, and when the view had finished it: backlog and age over time. */
import type { HistoryReader } from '../../src/simulator/history/history.ts';
import {
  compareSequenceNumbers,
  type StreamRecord,
} from '../../src/simulator/model/stream-record.ts';
import type { Moment } from '../figures.ts';

/** Milliseconds since the epoch. */
export interface Passage {
  readonly arrivedAtMs: number;
  /** When the checkpoint of its shard had moved past it; Infinity for never. */
  doneAtMs: number;
}

export interface Passages {
  readonly read: HistoryReader;
  arrived(record: StreamRecord): void;
  /** Read and not done yet. */
  waiting(): number;
  /** By shard, in no order of time. */
  all(): readonly Passage[];
}

interface ShardPassages {
  readonly sequenceNumbers: string[];
  readonly passages: Passage[];
  done: number;
}

export function createPassages(nowMs: () => number): Passages {
  const shards = new Map<string, ShardPassages>();
  let waiting = 0;
  return {
    arrived({ shardId, sequenceNumber, arrivedAtMs }) {
      let shard = shards.get(shardId);
      if (shard === undefined) {
        shard = { sequenceNumbers: [], passages: [], done: 0 };
        shards.set(shardId, shard);
      }
      shard.sequenceNumbers.push(sequenceNumber);
      shard.passages.push({ arrivedAtMs, doneAtMs: Number.POSITIVE_INFINITY });
      waiting++;
    },
    read(record) {
      if (record.type !== 'checkpoint-moved') return;
      const shard = shards.get(record.shardId);
      if (shard === undefined) return;
      const { sequenceNumbers, passages } = shard;
      for (; shard.done < passages.length; shard.done++) {
        const number = sequenceNumbers[shard.done] ?? '';
        if (compareSequenceNumbers(number, record.sequenceNumber) > 0) break;
        (passages[shard.done] as Passage).doneAtMs = nowMs();
        waiting--;
      }
    },
    waiting: () => waiting,
    all: () => [...shards.values()].flatMap(({ passages }) => passages),
  };
}

/** Each whole second from the first arrival to the second in which everything was done. Pure. */
export function timelineOf(passages: readonly Passage[]): readonly Moment[] {
  const arrivals = [...passages].sort((left, right) => left.arrivedAtMs - right.arrivedAtMs);
  const startMs = arrivals[0]?.arrivedAtMs ?? 0;
  const ends = passages.map(({ doneAtMs }) => doneAtMs).sort((left, right) => left - right);
  const lastEndMs = ends.findLast((end) => Number.isFinite(end)) ?? startMs;
  const lastMs = Math.max(arrivals.at(-1)?.arrivedAtMs ?? startMs, lastEndMs);
  const moments: Moment[] = [];
  let [arrived, done, oldest] = [0, 0, 0];
  for (let seconds = 1; startMs + (seconds - 1) * 1000 <= lastMs; seconds++) {
    const atMs = startMs + seconds * 1000;
    const [arrivedBefore, doneBefore] = [arrived, done];
    while ((arrivals[arrived]?.arrivedAtMs ?? Number.POSITIVE_INFINITY) <= atMs) arrived++;
    while ((ends[done] ?? Number.POSITIVE_INFINITY) <= atMs) done++;
    while (oldest < arrived && (arrivals[oldest]?.doneAtMs ?? 0) <= atMs) oldest++;
    moments.push({
      seconds,
      arrivedPerSecond: arrived - arrivedBefore,
      donePerSecond: done - doneBefore,
      backlog: arrived - done,
      oldestAgeMs: oldest < arrived ? atMs - (arrivals[oldest]?.arrivedAtMs ?? atMs) : 0,
    });
  }
  return moments;
}
