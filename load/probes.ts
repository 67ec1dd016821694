/**
 * Probes tell how late the view is: each second a product of its own is created and bought once, and Scores is
 * looked at until the sale shows. They are events like all others, and the reference counts them.
 */
import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { PutRecords } from '../src/simulator/stream/push.ts';
import type { Stamps, WinnerEvent } from '../src/simulator/workload/winner/event.ts';
import { winner } from '../src/simulator/workload/winner/winner.ts';

export interface ProbeParts {
  readonly put: PutRecords;
  /** The creator's score as it is now; 0 without a row. */
  scoreOf(userId: string): Promise<number>;
  nowMs(): number;
  pause(ms: number): Promise<void>;
  /** Sets these probes apart from other runs'. */
  readonly seed: string;
}

export interface Probes {
  /** No more of them; resolves when the last is put. */
  stop(): Promise<void>;
  /** Resolves when each was seen, or never will be. */
  settled(): Promise<unknown>;
  /** Milliseconds from the acknowledged put to the look that saw it, one for each probe seen. */
  readonly lagsMs: readonly number[];
  /** Probes put. */
  readonly count: number;
}

const INTERVAL_MS = 1_000;
const LOOK_MS = 20;

/** They end when `isOver`: then everything is delivered, and what wasn't seen never will be. */
export function startProbes(parts: ProbeParts, isOver: () => boolean): Probes {
  const { nowMs, pause } = parts;
  const lagsMs: number[] = [];
  const watches: Promise<void>[] = [];
  let [tried, count, isStopped] = [0, 0, false];

  const watch = async (userId: string, putAtMs: number): Promise<void> => {
    for (;;) {
      const wasOver = isOver();
      if ((await parts.scoreOf(userId)) > 0) break;
      if (wasOver) return;
      await pause(LOOK_MS);
    }
    lagsMs.push(nowMs() - putAtMs);
  };
  const go = async (): Promise<void> => {
    while (!isStopped) {
      const events = probeEvents(parts.seed, tried++, nowMs());
      const results = await parts.put(events.map((event) => winner.encode(event, 0)));
      // One that is refused isn't tried again: the next one comes soon.
      if (!results.some((result) => 'error' in result)) {
        count++;
        const watching = watch(events[0].origin, nowMs());
        watching.catch(() => {});
        watches.push(watching);
      }
      await pause(INTERVAL_MS);
    }
  };
  const going = go();
  going.catch(() => {});
  return {
    async stop() {
      isStopped = true;
      await going;
    },
    settled: () => Promise.all(watches),
    lagsMs,
    get count() {
      return count;
    },
  };
}

function probeEvents(seed: string, probe: number, nowMs: number): [WinnerEvent, WinnerEvent] {
  const time = new Date(nowMs).toISOString();
  const stamps: Stamps = { timeOrigin: time, timeIngest: time, timeProcess: time };
  const productId = `probe ${seed} ${probe}`;
  const eventId = (place: number): string => {
    return `shardId-000000000000:${String(nowMs * 10 + place).padStart(56, '0')}`;
  };
  const details = { brand: 'Probe', name: 'Probe', description: 'A probe', category: 'Probes' };
  return [
    {
      kind: 'creation',
      productId,
      eventId: eventId(1),
      origin: `probe/creator ${seed} ${probe}`,
      ...stamps,
      ...details,
    },
    {
      kind: 'purchase',
      productId,
      eventId: eventId(2),
      origin: `probe/customer ${seed}`,
      ...stamps,
    },
  ];
}

/** The `scoreOf` of {@link ProbeParts} for a table of Scores, read consistently. */
export function scoresIn(dynamoDb: DynamoDBClient, table: string): ProbeParts['scoreOf'] {
  return async (userId) => {
    const { Item } = await dynamoDb.send(
      new GetItemCommand({
        TableName: table,
        Key: { userId: { S: userId }, role: { S: 'creator' } },
        ConsistentRead: true,
      }),
    );
    return Number(Item?.['score']?.N ?? 0);
  };
}
