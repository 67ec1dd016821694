/**
 * Probes measure how late the view is: about once a second a product of its own is created and bought once, and
 * Scores is polled until the sale shows. Probes are events like all others, and the reference counts them.
 */
import { compareSequenceNumbers } from '../../src/simulator/model/stream-record.ts';
import { seededRandom } from '../../src/simulator/random.ts';
import {
  type AcceptedAt,
  isTransient,
  type PutRecords,
} from '../../src/simulator/stream/put-records.ts';
import type { Stamps, WinnerEvent } from '../../src/simulator/workload/winner/event.ts';
import { winner } from '../../src/simulator/workload/winner/winner.ts';

export interface ProbeParts {
  readonly put: PutRecords;
  /** The creator's current score; 0 without a row. */
  scoreOf(userId: string): Promise<number>;
  nowMs(): number;
  pause(ms: number): Promise<void>;
  /** Distinguishes these probes from those of other runs. */
  readonly seed: string;
  /** Prefix of their product and user ids. */
  readonly mark: string;
  /** Between two reads of a score: the precision of the lag. */
  readonly pollMs: number;
  /** A hash key of the shard for each probe; without it, the partition key decides. */
  hashKeyOf?(probe: number): string;
}

export interface Probe {
  /** The later one of its two records. */
  readonly at: AcceptedAt;
  /** Milliseconds from the acknowledged put to the read that found it applied; undefined: never found. */
  readonly lagMs: number | undefined;
}

export interface Probes {
  /** Puts no more; resolves when the last is put. */
  stop(): Promise<void>;
  /** Resolves when each was found applied, or never will be. */
  finished(): Promise<unknown>;
  /** Those that were put, in order. */
  readonly all: readonly Probe[];
}

const INTERVAL_MS = 1_000;
/** Of the interval: Lambda polls each second too, and must not meet each probe at the same phase. */
const JITTER_RATIO = 0.4;

/** They end when `isOver`: everything is delivered then, and a probe not found will never be. */
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
      await pause(parts.pollMs);
    }
  };
  const putProbes = async (): Promise<void> => {
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
      // A refused probe is not retried: the next one comes soon.
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
  const putting = putProbes();
  putting.catch(() => {});
  return {
    async stop() {
      isStopped = true;
      await putting;
    },
    finished: () => Promise.all(watches),
    all,
  };
}

/** Undefined where a server was too busy, as servers under load are. */
async function unlessBusy<T>(response: Promise<T>): Promise<T | undefined> {
  try {
    return await response;
  } catch (error) {
    if (isTransient(error)) return undefined;
    throw error;
  }
}

/** Both are of one shard. */
function inOrder(left: AcceptedAt, right: AcceptedAt): number {
  return compareSequenceNumbers(left.sequenceNumber, right.sequenceNumber);
}

/** Prefix of the partition keys of probes, and of no others. */
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
