/**
 * Probes tell how late the view is: about each second a product of its own is created and bought once, and Scores
 * is looked at until the sale shows. They are events like all others, and the reference counts them.
 */
import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { compareSequenceNumbers } from '../src/simulator/model/stream-record.ts';
import { seededRandom } from '../src/simulator/random.ts';
import {
  type AcceptedAt,
  isTransient,
  type PutRecords,
} from '../src/simulator/stream/put-records.ts';
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
  /** What their product and user ids begin with. */
  readonly mark: string;
  /** Between two looks at Scores: a lag is measured to within that. */
  readonly lookMs: number;
  /** The shard of each probe, by one of its hash keys; without it, that of its product. */
  hashKeyOf?(probe: number): string;
}

export interface Probe {
  /** Where its sale lies, of the two records the later one. */
  readonly at: AcceptedAt;
  /** Milliseconds from the acknowledged put to the look that saw it; undefined: not seen. */
  readonly lagMs: number | undefined;
}

export interface Probes {
  /** No more of them; resolves when the last is put. */
  stop(): Promise<void>;
  /** Resolves when each was seen, or never will be. */
  settled(): Promise<unknown>;
  /** Those that were put, in that order. */
  readonly all: readonly Probe[];
}

const INTERVAL_MS = 1_000;
/** Of the interval: whoever polls each second, too, must not be met in the same moment of his round every time. */
const JITTER_RATIO = 0.4;

/** They end when `isOver`: then everything is delivered, and what wasn't seen never will be. */
export function startProbes(parts: ProbeParts, isOver: () => boolean): Probes {
  const { nowMs, pause, mark, hashKeyOf } = parts;
  const random = seededRandom(parts.seed, 'probes');
  const all: { at: AcceptedAt; lagMs: number | undefined }[] = [];
  const watches: Promise<void>[] = [];
  let [tried, isStopped] = [0, false];

  const watch = async (userId: string, putAtMs: number): Promise<number | undefined> => {
    for (;;) {
      const wasOver = isOver();
      const score = await unlessBusy(parts.scoreOf(userId));
      if (score !== undefined && score > 0) return nowMs() - putAtMs;
      if (wasOver) return undefined;
      await pause(parts.lookMs);
    }
  };
  const go = async (): Promise<void> => {
    while (!isStopped) {
      const number = tried++;
      const events = probeEvents(`${parts.seed} ${number}`, mark, nowMs());
      const shard = hashKeyOf && { explicitHashKey: hashKeyOf(number) };
      const results = await unlessBusy(
        parts.put(events.map((event) => ({ ...winner.encode(event, 0), ...shard }))),
      );
      const at = (results ?? [])
        .flatMap((result) => ('error' in result ? [] : [result]))
        .sort(inOrder);
      const [, later] = at;
      // One that is refused isn't tried again: the next one comes soon.
      if (later !== undefined) {
        const probe: (typeof all)[number] = { at: later, lagMs: undefined };
        all.push(probe);
        const watching = watch(events[0].origin, nowMs()).then((lagMs) => {
          probe.lagMs = lagMs;
        });
        watching.catch(() => {});
        watches.push(watching);
      }
      await pause(INTERVAL_MS * (1 + JITTER_RATIO * (2 * random() - 1)));
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
    all,
  };
}

/** Undefined where a server was too busy: whoever puts load on it meets that. */
async function unlessBusy<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isTransient(error)) return undefined;
    throw error;
  }
}

/** Both are of one shard. */
function inOrder(left: AcceptedAt, right: AcceptedAt): number {
  return compareSequenceNumbers(left.sequenceNumber, right.sequenceNumber);
}

/** The partition keys of probes, and of nothing else, begin with it. */
export function probeMark(mark: string): string {
  return `${mark}probe `;
}

function probeEvents(name: string, mark: string, nowMs: number): [WinnerEvent, WinnerEvent] {
  const time = new Date(nowMs).toISOString();
  const stamps: Stamps = { timeOrigin: time, timeIngest: time, timeProcess: time };
  const productId = `${probeMark(mark)}${name}`;
  const eventId = (place: number): string => {
    return `shardId-000000000000:${String(nowMs * 10 + place).padStart(56, '0')}`;
  };
  const details = { brand: 'Probe', name: 'Probe', description: 'A probe', category: 'Probes' };
  return [
    {
      kind: 'creation',
      productId,
      eventId: eventId(1),
      origin: `${mark}probe/creator ${name}`,
      ...stamps,
      ...details,
    },
    {
      kind: 'purchase',
      productId,
      eventId: eventId(2),
      origin: `${mark}probe/customer ${name}`,
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
